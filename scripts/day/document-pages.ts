import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { MailroomClient } from '../mailroom-client.ts';
import { documentImage } from './document-image.ts';
import { type OpenedPage, openPage, showIn, withSignedIn } from './picture-browser.ts';
import { desks } from './plan.ts';
import type { PreparedDay } from './prepare-day.ts';

const WIDTH = 1_280;
/** As wide as `--shell-navigation` of web/styles.css. */
const NAVIGATION = 216;

interface DocumentedPage extends OpenedPage {
  readonly height: number;
  /** The part of the page that is shown, by a selector; without it, what the window shows. */
  readonly part?: string;
  /** The id of what stands at the top of the window. */
  readonly from?: string;
}

const question = {
  subject: 'Refund for order 4711, please',
  from: 'Mia Lindqvist <mia@fabrikam.example>',
  html:
    '<p>Hello,</p><p>two of the three lamps of <b>order 4711</b> arrived broken. Please refund them, or send new ones.</p>' +
    '<table border="1" cellpadding="6" style="border-collapse: collapse"><tr><th>Lamp</th><th>Arrived</th></tr>' +
    '<tr><td>Arc, black</td><td>broken</td></tr><tr><td>Arc, white</td><td>broken</td></tr><tr><td>Dot</td><td>fine</td></tr>' +
    '</table><p>Kind regards<br>Mia Lindqvist</p>',
};

/** Runs in the page. */
const scrollTo = (id: string) =>
  `scrollTo(0, scrollY + document.getElementById('${id}').getBoundingClientRect().top - 48)`;

/** What the window shows beside the navigation, which is the same on every page. */
function besideNavigation({ height }: DocumentedPage) {
  return { x: NAVIGATION, y: 0, width: WIDTH - NAVIGATION, height };
}

interface Places {
  readonly url: string;
  readonly simulatorUrl: string;
}

/** Takes the pictures of README.md and docs/agents.md into docs/images; their files. Throws where one is too large. */
export async function documentPages(
  mailroom: MailroomClient,
  { url, simulatorUrl }: Places,
  day: PreparedDay,
): Promise<readonly string[]> {
  const itemId = await deliverQuestion(mailroom, simulatorUrl, day);
  const account = `/config/email/accounts/${day.accountIds[0]}`;
  const pages: readonly DocumentedPage[] = [
    { name: 'accounts', path: '/config/email/accounts', height: 420 },
    { name: 'account', path: account, height: 664, act: compare, from: 'overview' },
    { name: 'routing', path: account, height: 900, part: '.panel:has(> .routing-columns)', act: trySubject },
    { name: 'answer', path: `/items/${itemId}`, height: 1_000, act: writeAnswer },
  ];
  return await withSignedIn(url, async (visit) => {
    const files: string[] = [];
    for (const page of pages) {
      const context = await visit({ locale: 'en-GB', isSignedIn: true });
      const opened = await openPage(context, url, page, { width: WIDTH, height: page.height });
      await showIn(opened, 'light');
      if (page.from) await opened.evaluate(scrollTo(page.from));
      const take = (path: string) =>
        page.part
          ? opened.locator(page.part).screenshot({ path })
          : opened.screenshot({ path, clip: besideNavigation(page) });
      files.push(await documentImage(page.name, take));
      await context.close();
    }
    return files;
  });
}

/** The item of a mail that reads like one of a customer. Once for each stack. */
async function deliverQuestion(mailroom: MailroomClient, simulatorUrl: string, day: PreparedDay): Promise<string> {
  const queueId = day.queueIds.get('Returns');
  const find = async () => {
    const { items } = await mailroom.get<{ items: readonly { id: string; subject: string }[] }>(
      `/queues/${queueId}/items?state=all`,
    );
    return items.find(({ subject }) => subject === question.subject)?.id;
  };
  const known = await find();
  if (known !== undefined) return known;
  const response = await fetch(`${simulatorUrl}/control/mailboxes/${desks[0].address}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(`The simulator refused a message: ${await response.text()}`);
  for (let looks = 0; looks < 60; looks += 1) {
    const id = await find();
    if (id !== undefined) return id;
    await sleep(500);
  }
  throw new Error(`The mail is not in its queue after half a minute: ${question.subject}`);
}

async function showMail(page: Page): Promise<void> {
  await page.locator('iframe.mail-frame').contentFrame().locator('table').waitFor();
}

async function writeAnswer(page: Page): Promise<void> {
  await showMail(page);
  if (!(await page.locator('.composer').isVisible())) await page.locator('[aria-keyshortcuts="r"]').click();
  const text = page.getByRole('textbox', { name: 'Text of the answer' });
  await text.waitFor();
  if ((await text.innerText()).includes('refunded')) return;
  await text.click();
  await page.keyboard.type('Dear Ms Lindqvist, we have refunded both lamps.');
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor();
}

async function trySubject(page: Page): Promise<void> {
  await page.locator('.try').getByLabel('Subject').fill('I want my money back');
  await page.locator('.verdict').waitFor();
}

async function compare(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Compare now' });
  await button.click();
  await button.and(page.locator(':disabled')).waitFor({ state: 'detached' });
  await page.getByText('messages of the inbox are in Mailroom').waitFor();
}
