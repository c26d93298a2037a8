import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { hostileMails } from './hostile-mails.ts';
import { openSignedIn } from './sign-in.ts';
import { expectFocus, startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'desk@contoso.example';

const longMail = {
  subject: 'Long paragraphs',
  html: `${'<p>Words that go on and on, so that they fill more lines where there is less room.</p>'.repeat(12)}The last word.`,
};

/** Mail as programs of people write it. */
const writtenMails = {
  'attributes-and-styles': 'Attributes and styles',
  outlook: 'Order 4711 (written in Outlook)',
  'unclosed-fonts': '300 unclosed font tags',
} as const;

const styledMail = {
  subject: 'A style sheet',
  html:
    '<html><head><style>@media (max-width: 5000px) { .wide { width: 300px } } .lead { color: rgb(1, 2, 3); font-size: 30px }' +
    '@media (prefers-color-scheme: dark) { .lead { color: white } } #none, body { background: #eeeeff }' +
    'p#title.lead { letter-spacing: 2px }</style></head>' +
    '<body style="margin: 0; padding: 5px"><p id="title" class="lead wide" style="margin-left: -4px">Styled</p>' +
    '<div style="background-image: url(http://pictures.shop.example/hero.gif)"><h2 style="color: white">Hero</h2></div>' +
    '<div style="background: url(http://pictures.shop.example/dots.gif) #008" id="own"><h3 style="color: white">Own</h3></div>' +
    '<div style="display: none">Preheader</div><p hidden>Hidden</p></body></html>',
};

/** Wider than any window. */
const wideMail = {
  subject: 'Wide table',
  html: '<table><tr><td style="min-width: 3000px">first</td><td>last</td></tr></table>',
};

/** What its author hid, and what only its style would keep from being read. */
const movedMail = {
  subject: 'Out of sight',
  html:
    '<div style="position: absolute; left: -9999px">Away</div><div style="clip-path: circle(0)">Clipped</div>' +
    '<div style="transform: scale(0)">Shrunk</div><div style="max-height: 0; overflow: hidden">Flat</div>' +
    '<p style="margin-top: -500px">Up</p><p style="margin-left: -40em">Left</p><p style="letter-spacing: -2em">Piled</p>' +
    '<p style="opacity: 0; animation: appear 1s">Fading</p><p style="transform: scale(0.9)">Smaller</p>' +
    '<img usemap="#m" alt="Map"><map name="m"><area href="https://evil.example/" alt="www.bank.example"></map>',
};

/** One picture that is there, one that is not, and one that only counts. */
const picturedMail = {
  subject: 'Remote pictures',
  html:
    '<p>Our lamps</p><img alt=Lamp src="http://pictures.shop.example/lamp.gif"><img alt=Chair src="http://pictures.shop.example/chair.gif">' +
    '<div style="background: url(http://pictures.shop.example/wall.gif)">A wall</div>' +
    '<img src="http://pictures.shop.example/open.gif?reader=1" width=1 height=1>',
};

/** Runs in the page: the longest time for which it did nothing else. */
const LONGEST_TASK_MS = `new Promise((resolve) => {
  const longest = (tasks) => resolve(Math.max(...tasks.getEntries().map(({ duration }) => duration)));
  new PerformanceObserver(longest).observe({ type: 'longtask', buffered: true });
  setTimeout(() => resolve(0), 100);
})`;
/** A second and a half is what formatting may take, on a machine that is busy with other things; bombs took a minute. */
const STUCK_MS = 5_000;

interface ItemPage {
  readonly items: readonly { readonly id: string; readonly subject: string }[];
}

describe('queues and what waits in them', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let queueId: string;
  let items: ItemPage['items'];
  /** Requests that a mail made to the outside. */
  const outside: string[] = [];
  const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
  /** The internet, behind a proxy. */
  const elsewhere = createServer((request, response) => {
    outside.push(request.url ?? '');
    if (request.url?.endsWith('chair.gif')) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'image/gif' }).end(pixel);
  });
  const open = async (subject: string) => {
    const item = items.find((each) => each.subject === subject);
    await admin.page.goto(`${stack.mailroom.url}/items/${item?.id}`);
    await admin.page.getByRole('heading', { level: 1, name: subject }).waitFor();
  };
  const setDefaultQueue = async (name: string) => {
    const { queues } = await stack.mailroom.get<{ queues: readonly { id: string; name: string }[] }>('/queues');
    const { accounts } = await stack.mailroom.get<{ accounts: readonly { id: string }[] }>('/email/accounts');
    const path = `/email/accounts/${accounts[0]?.id}/routing`;
    const { version, rules } = await stack.mailroom.get<{ version: number; rules: readonly unknown[] }>(path);
    const defaultQueueId = queues.find((queue) => queue.name === name)?.id;
    await stack.mailroom.put(path, { version, rules, defaultQueueId });
  };
  const deliverFile = async (file: string) => {
    const answer = await fetch(`${stack.simulatorUrl}/control/mailboxes/${ADDRESS}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: readFileSync(new URL(`./mails/${file}.eml`, import.meta.url)),
    });
    expect(answer.ok).toBe(true);
  };
  /** Computed styles of the first such element in the shown mail. Asked of the page: in the frame runs no script. */
  const look = async (selector: string, ...properties: readonly string[]) => {
    await admin.page.frameLocator('iframe.mail-frame').locator(selector).first().waitFor({ state: 'attached' });
    return await admin.page.evaluate<readonly string[]>(`(() => {
      const { contentDocument, contentWindow } = document.querySelector('iframe.mail-frame');
      const style = contentWindow.getComputedStyle(contentDocument.querySelector(${JSON.stringify(selector)}));
      return ${JSON.stringify(properties)}.map((property) => style.getPropertyValue(property));
    })()`);
  };
  const boxOf = (selector: string) => mail().locator(selector).first().boundingBox();
  const mail = () => admin.page.frameLocator('iframe.mail-frame').locator('body');

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const outsideUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([startTestStack({ HTTP_PROXY: outsideUrl }), startBrowser()]);
    await enterSettings(stack);
    ({ id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' }));
    await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    const mails = [...hostileMails(outsideUrl), longMail, styledMail, movedMail, wideMail, picturedMail];
    for (const { subject, html } of mails) await simulator.deliver(ADDRESS, { subject, html });
    for (const file of Object.keys(writtenMails)) await deliverFile(file);
    await simulator.signIn({ mode: 'interactive' });
    await eventually(
      async () => {
        ({ items } = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?pageSize=100`));
        expect(items).toHaveLength(mails.length + Object.keys(writtenMails).length);
      },
      { timeoutMs: 30_000 },
    );
    admin = await browser.visit();
    await openSignedIn(admin.page, `${stack.mailroom.url}/queues`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('lists queues with what waits, and adds one', async () => {
    const { page } = admin;
    await page.getByRole('row').filter({ hasText: 'Desk' }).getByText(String(items.length)).waitFor();
    await page.getByRole('button', { name: 'New queue' }).click();
    await page.getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(page.getByRole('button', { name: 'New queue' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('desk');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Is already taken.').waitFor();
    await admin.expectAccessible('light');
    await expectFocus(page.getByLabel('Name'));
    await page.getByLabel('Name').fill(' ');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Must be filled in.').waitFor();
    await page.getByLabel('Name').fill('Billing');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'Billing' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('says why a queue that is in use is not removed, and removes one that is not', async () => {
    const { page } = admin;
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Remove: Desk' }).click();
    await dialog.getByText(`${items.length} items are open in it, so it cannot be removed.`).waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove' }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await setDefaultQueue('Billing');
    await page.getByRole('button', { name: 'Remove: Billing' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText(`The queue Billing is the default queue of ${ADDRESS}.`).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('button', { name: 'Entfernen: Billing' }).click();
    await dialog.getByRole('button', { name: 'Entfernen' }).click();
    await dialog.getByText(`Die Warteschlange Billing ist die Standard-Warteschlange von ${ADDRESS}.`).waitFor();
    await dialog.getByRole('button', { name: 'Abbrechen' }).click();
    await page.getByLabel('Sprache').selectOption('en');
    await setDefaultQueue('Desk');
    await page.getByRole('button', { name: 'Remove: Billing' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('link', { name: 'Billing' }).waitFor({ state: 'detached' });
    await expectFocus(page.getByRole('heading', { level: 1 }));
  });

  it('claims the oldest item, releases it, and completes it', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Desk' }).click();
    await page.getByRole('table', { name: 'Items' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Claim the next' }).click();
    await page.getByText('Claimed by you').waitFor();
    await page.getByText('The account has no rules, so everything goes to the default queue.').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('The item is waiting again.').waitFor();
    await page.getByRole('button', { name: 'Claim', exact: true }).click();
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await page.getByText('The item is completed.').waitFor();
    const completed = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?state=completed`);
    expect(completed.items).toHaveLength(1);
    await page.goto(`${stack.mailroom.url}/items/${completed.items[0]?.id}`);
    await page.getByText(/Completed, by you on \d/).waitFor();
    // Later pages show mail for which Chromium tells the console what its policy kept from running.
    admin.expectNoComplaints([409, 422]);
  });

  it('counts what waits and is claimed, names the mailbox, and says what a state means where there is nothing', async () => {
    const { page } = admin;
    await page.goto(`${stack.mailroom.url}/queues/${queueId}`);
    await page.getByText(`Waiting (${items.length - 1})`).waitFor();
    await page.getByRole('row').filter({ hasText: ADDRESS }).first().waitFor();
    await page.getByText('Claimed (0)').click();
    await page.getByText('No claimed items').waitFor();
    await admin.expectAccessible('light');
  });

  it('says until when an item is held, warns before the end, and says afterwards how it was lost', async () => {
    // Of their own, because their clock is turned forward.
    const holder = await browser.visit();
    const { page } = holder;
    await openSignedIn(page, `${stack.mailroom.url}/queues/${queueId}`, DEFAULT_ADMINISTRATOR);
    await page.getByRole('button', { name: 'Claim the next' }).click();
    await page.getByText(/reserved until .* \(4 min left\)/).waitFor();
    await page.getByRole('button', { name: 'Hold longer' }).click();
    await page.getByText(/The item is reserved for you until \d/).waitFor();
    expect(await page.getByRole('link', { name: 'Queues' }).getAttribute('aria-current')).toBe('true');
    const id = new URL(page.url()).pathname.split('/').at(-1) as string;

    // The person has left: nobody extends it. What is left of it counts by the server's clock.
    await page.clock.install();
    await page.clock.fastForward('02:30');
    const leaseExpiresAt = new Date(Date.now() + 50_000);
    await stack.db.updateTable('items').set({ leaseExpiresAt }).where('id', '=', id).execute();
    await page.getByText('Your reservation ends in less than a minute.').waitFor();
    await holder.expectAccessible('dark');
    await stack.mailroom.post(`/items/${id}/release`, {});
    await page.getByText(/ took the item back on \d.*It is waiting again\./).waitFor();
    await holder.expectAccessible('light');
    await page.getByRole('button', { name: 'Claim', exact: true }).waitFor();
    await holder.close();
  });

  it('shows a mail whole after the window became narrower', async () => {
    const { page } = admin;
    await open('Long paragraphs');
    await mail().getByText('The last word.').waitFor();
    const isWhole = () =>
      page.evaluate(`(() => {
        const frame = document.querySelector('iframe.mail-frame');
        const { body } = frame.contentDocument;
        return Math.abs(frame.clientHeight - body.offsetHeight) < 2;
      })()`);
    const heightOf = async () => (await page.locator('iframe.mail-frame').boundingBox())?.height ?? 0;
    await expect.poll(isWhole).toBe(true);
    const before = await heightOf();
    await page.setViewportSize({ width: 500, height: 900 });
    await expect.poll(heightOf).toBeGreaterThan(before);
    await expect.poll(isWhole).toBe(true);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(heightOf).toBe(before);
  });

  it('shades the sides at which a wide mail goes on, and scrolls it by the keyboard', async () => {
    const { page } = admin;
    await open('Wide table');
    const shaded = () =>
      page.evaluate(`['::before', '::after']
        .map((side) => getComputedStyle(document.querySelector('.mail-room'), side).opacity)
        .join(' ')`);
    await expect.poll(shaded).toBe('0 1');
    await page.getByText('Wide table').first().click();
    const isInMail = () => page.evaluate(`document.activeElement.className === 'mail-frame'`);
    for (let presses = 0; presses < 40 && !(await isInMail()); presses += 1) await page.keyboard.press('Tab');
    expect(await isInMail()).toBe(true);
    await page.keyboard.press('ArrowRight');
    await expect.poll(shaded).toBe('1 1');
    await admin.expectAccessible('dark');
    await open('Long paragraphs');
    await mail().getByText('The last word.').waitFor();
    await expect.poll(shaded).toBe('0 0');
  });

  it('leads from an item back to the list from which it was opened', async () => {
    const { page } = admin;
    await page.goto(`${stack.mailroom.url}/queues/${queueId}?state=completed`);
    await page.getByRole('table', { name: 'Items' }).getByRole('link').click();
    await page.getByRole('link', { name: 'Desk', exact: true }).click();
    await page.waitForURL(/state=completed/);
    await page.getByRole('table', { name: 'Items' }).waitFor();
  });

  it('shows colours, sizes, borders, widths and directions as they were written', async () => {
    await open('Attributes and styles');
    expect(await look('div[lang=he]', 'direction')).toEqual(['rtl']);
    expect(await look('p[align]', 'text-align')).toEqual(['-webkit-center']);
    const font = await look('td[colspan] font', 'color', 'font-family', 'font-size');
    expect(font).toEqual(['rgb(255, 255, 255)', 'Courier', '24px']);
    expect(await look('td[colspan]', 'background-color', 'text-align')).toEqual(['rgb(204, 0, 0)', '-webkit-right']);
    const styled = await look('p[style*=yellow]', 'color', 'font-size', 'text-align', 'background-color');
    expect(styled).toEqual(['rgb(255, 0, 0)', '24px', 'center', 'rgb(255, 255, 0)']);
    expect(await look('p[style*=bold]', 'font-weight')).toEqual(['700']);
    expect(await look('table', 'border-top-width', 'background-color')).toEqual(['1px', 'rgb(255, 255, 204)']);
    expect(await look('td[rowspan]', 'padding-left')).toEqual(['8px']);
    expect(await boxOf('table')).toMatchObject({ width: 500 });
    expect(await boxOf('img')).toMatchObject({ width: 50, height: 20 });
    expect((await boxOf('td[colspan]'))?.width).toBeGreaterThan(1.5 * ((await boxOf('td[rowspan]'))?.width ?? 500));
    expect(await mail().locator('ol[start="7"][type="a"] > li[value="9"]').count()).toBe(1);
    expect(await mail().locator('a[href="https://shop.example/?a=1&b=2"][target=_blank]').count()).toBe(1);
  });

  it('shows mail from Outlook and mail that closes nothing as HTML', async () => {
    await open('Order 4711 (written in Outlook)');
    expect(await look('span[style*=color]', 'color')).toEqual(['rgb(255, 0, 0)']);
    expect(await look('p.MsoNormal', 'margin-top', 'font-family')).toEqual(['0px', expect.stringContaining('Calibri')]);
    await open('300 unclosed font tags');
    expect(await look('font', 'color')).toEqual(['rgb(0, 0, 255)']);
    expect(await mail().locator('font').count()).toBeGreaterThanOrEqual(300);
    await admin.page.getByRole('button', { name: 'Show as text' }).click();
    const text = await admin.page.locator('div.mail-text').innerText();
    expect(text).toMatch(/^List\n\nitem\nitem\n/);
  });

  it('shows what a style sheet of the mail says, and nothing in dark colours', async () => {
    await admin.page.emulateMedia({ colorScheme: 'dark' });
    await open('A style sheet');
    const lead = await look('p.lead', 'color', 'font-size', 'width', 'margin-left', 'letter-spacing');
    expect(lead).toEqual(['rgb(1, 2, 3)', '30px', '300px', '-4px', '2px']);
    // Written for a picture that is not loaded yet: white on white without a colour behind it.
    expect(await look('div:has(> h2)', 'background-color', 'background-image')).toEqual(['rgb(117, 117, 117)', 'none']);
    expect(await look('div:has(> h3)', 'background-color')).toEqual(['rgb(0, 0, 136)']);
    expect(await boxOf('p')).toMatchObject({ width: 300 });
    for (const unseen of ['Preheader', 'Hidden']) expect(await mail().getByText(unseen).isVisible()).toBe(false);
    expect(await look('body', 'background-color', 'padding-top')).toEqual(['rgb(238, 238, 255)', '5px']);
    await admin.page.emulateMedia({ colorScheme: 'light' });
  });

  it('hides what its author hid, and nothing that was only moved away', async () => {
    await open('Out of sight');
    await mail().getByText('Fading').waitFor();
    for (const hidden of ['Away', 'Clipped', 'Shrunk', 'Flat']) {
      expect(await mail().getByText(hidden).isVisible(), hidden).toBe(false);
    }
    const frame = (await admin.page.locator('iframe.mail-frame').boundingBox()) ?? expect.fail();
    for (const [position, shown] of ['Up', 'Left', 'Piled', 'Fading', 'Smaller'].entries()) {
      const { x, y, width } = (await mail().getByText(shown).boundingBox()) ?? expect.fail(shown);
      expect([x >= frame.x, y >= frame.y, width > 0], shown).toEqual([true, true, true]);
      const paragraph = `p:nth-of-type(${position + 1})`;
      expect(await look(paragraph, 'opacity', 'letter-spacing', 'display'), shown).toEqual(['1', 'normal', 'block']);
    }
    expect(await mail().locator('img[usemap="#user-content-m"]').count()).toBe(1);
    expect(await mail().locator('map[name="user-content-m"] > area[target=_blank]').count()).toBe(1);
    await admin.page.getByText('its words name another place than evil.example').waitFor();
  });

  it('shows hostile mail without a script run, a request, a complaint or a page that is stuck', async () => {
    const reader = await browser.visit();
    const { page } = reader;
    await openSignedIn(page, `${stack.mailroom.url}/queues`, DEFAULT_ADMINISTRATOR);
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.frame() !== page.mainFrame() && !request.url().includes('/mail-frame')) requests.push(request.url());
    });
    const frame = page.locator('iframe.mail-frame');
    for (const { subject, shows, asText } of hostileMails('http://unused')) {
      const item = items.find((each) => each.subject === subject);
      await page.goto(`${stack.mailroom.url}/items/${item?.id}`);
      const shown = asText ? page.locator('div.mail-text') : frame.contentFrame().locator('body');
      await shown.getByText(shows).first().waitFor();
      if (asText) await page.getByText('too large or too deeply nested').waitFor();
      expect(await page.evaluate('window.ran'), subject).toBeUndefined();
      expect(await page.evaluate(LONGEST_TASK_MS), subject).toBeLessThan(STUCK_MS);
      // As high as its words, and nothing of it is beside its frame.
      if (subject === 'Overlay') expect((await frame.boundingBox())?.height).toBeLessThan(400);
    }
    expect(requests).toEqual([]);
    expect(outside).toEqual([]);
    reader.expectNoComplaints();
    await reader.close();
  });

  it('loads remote images through Mailroom once they are asked for, and remembers the sender', async () => {
    const { page } = admin;
    await open('Remote pictures');
    await page.getByText('3 remote images are not loaded').waitFor();
    await page.getByText('One tracking pixel was removed').waitFor();
    expect(outside).toEqual([]);
    await page.getByRole('button', { name: 'Load images' }).click();
    const picture = mail().locator('img[alt=Lamp][src^="blob:"]');
    await picture.waitFor();
    const shownWidth = `document.querySelector('iframe.mail-frame').contentDocument.querySelector('img').naturalWidth`;
    await expect.poll(() => page.evaluate(shownWidth)).toBe(1);
    await mail().getByText('Chair: it could not be loaded').waitFor();
    await expect
      .poll(() => outside.toSorted())
      .toEqual([
        'http://pictures.shop.example/chair.gif',
        'http://pictures.shop.example/lamp.gif',
        'http://pictures.shop.example/wall.gif',
      ]);
    await page.getByText('1 picture is missing for now.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => outside.filter((url) => url.endsWith('chair.gif')).length).toBe(2);
    await mail().getByText('Chair: it could not be loaded').waitFor();
    await page.getByRole('button', { name: /^Always load from / }).click();
    await page.getByText(/^You always load images from /).waitFor();
    await page.reload();
    await picture.waitFor();
    await expect.poll(() => outside.length).toBe(7);
    await page.getByRole('button', { name: 'Stop that' }).click();
    await page.getByRole('button', { name: /^Always load from / }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Show as text' }).click();
    await page.locator('div.mail-text').waitFor();
    outside.length = 0;
  });

  it('opens a mail inside a mail, with its own attachments, and shows when and where an invitation is for', async () => {
    const { page } = admin;
    const subjects = ['FW: forwarded as attachment', 'Invitation: Visit of the technician'] as const;
    for (const file of ['attached-message', 'invitation']) await deliverFile(`../../attachments/mails/${file}`);
    const found = await eventually(
      async () => {
        const { items: all } = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?pageSize=100`);
        const ids = subjects.map((subject) => all.find((each) => each.subject === subject)?.id);
        expect(ids).not.toContain(undefined);
        return ids;
      },
      { timeoutMs: 20_000 },
    );
    await page.goto(`${stack.mailroom.url}/items/${found[0]}`);
    await page.getByRole('button', { name: /^Open: / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'Inner mail with file' }).waitFor();
    await dialog.getByText('inner text').waitFor();
    await admin.expectAccessible('light');
    const download = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'Download: inner.pdf' }).click();
    expect((await download).suggestedFilename()).toMatch(/^inner/);
    await page.goto(`${stack.mailroom.url}/items/${found[1]}`);
    await page.getByText('Invitation: Visit of the technician').nth(1).waitFor();
    await page.getByText('tech@x.example').first().waitFor();
    await admin.expectAccessible('light');
  });

  it('finds a mail by the keyboard alone, and shows the same results on the way back', async () => {
    const { page } = admin;
    await eventually(
      async () => {
        const { results } = await stack.mailroom.get<{ results: readonly unknown[] }>('/search?q=paragraphs');
        expect(results).toHaveLength(1);
      },
      { timeoutMs: 20_000 },
    );
    await page.goto(`${stack.mailroom.url}/queues`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox', { name: 'Search all mail' });
    await expectFocus(field);
    await page.keyboard.type('long paragr');
    await page.locator('mark', { hasText: 'paragraphs' }).waitFor();
    await page.getByText('1 message found').waitFor();
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('link', { name: 'Long paragraphs' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Long paragraphs' }).waitFor();
    await page.goBack();
    await page.locator('mark', { hasText: 'paragraphs' }).waitFor();
    expect(await field.inputValue()).toBe('long paragr');
  });

  it('shows many attachments in portions', async () => {
    const { page } = admin;
    const files = Array.from(
      { length: 60 },
      (_, n) => `--b\r\nContent-Disposition: attachment; filename=f${n}.txt\r\n\r\n${n}\r\n`,
    );
    const answer = await fetch(`${stack.simulatorUrl}/control/mailboxes/${ADDRESS}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: `Subject: Sixty files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${files.join('')}--b--\r\n`,
    });
    expect(answer.ok).toBe(true);
    const id = await eventually(async () => {
      const { items: all } = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?pageSize=100`);
      return all.find(({ subject }) => subject === 'Sixty files')?.id ?? expect.fail();
    });
    await page.goto(`${stack.mailroom.url}/items/${id}`);
    const rows = page.getByRole('region', { name: 'Attachments' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Show 10 more of 10' }).waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show 10 more of 10' }).click();
    await expect.poll(() => rows.count()).toBe(60);
    expect(await page.getByRole('button', { name: /^Show \d+ more/ }).count()).toBe(0);
  });

  it('fits a telephone', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 360, height: 800 });
    for (const path of ['/queues', `/queues/${queueId}`, `/items/${items[0]?.id}`, '/search?q=mail', '/board']) {
      await page.goto(`${stack.mailroom.url}${path}`);
      await page.getByRole('heading', { level: 1 }).and(page.locator(':not(.visually-hidden)')).waitFor();
      await admin.expectFits();
    }
    await open('Wide table');
    await mail().getByText('last').waitFor();
    // Letters of 15 pixels, shown with 10: what is wider scrolls.
    await expect
      .poll(() => page.evaluate(`document.querySelector('iframe.mail-frame').contentDocument.body.style.zoom`))
      .toMatch(/^0\.666/);
  });

  it('is worked on by keyboard alone: ten items claimed, completed, undone, parked, noted and found again', async () => {
    const agent = await browser.visit();
    const { page } = agent;
    await openSignedIn(page, `${stack.mailroom.url}/queues/${queueId}`, DEFAULT_ADMINISTRATOR);
    await page.getByRole('table', { name: 'Items' }).waitFor();
    const press = (key: string) => page.keyboard.press(key);
    const mine = async () => await page.getByText('Claimed by you').waitFor();
    const address = () => new URL(page.url()).pathname;
    await press('?');
    await page.getByRole('dialog').getByText('Complete, and claim the next').waitFor({ state: 'detached' });
    await page.getByRole('dialog').getByText('Claim the next item').waitFor();
    await agent.expectAccessible('light');
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await press('n');
    await mine();
    // A click into the mail gives its frame the keyboard. What was claimed as the next is the next again after an undo.
    const first = address();
    await page.locator('iframe.mail-frame').click({ position: { x: 3, y: 3 } });
    expect(await page.evaluate('document.activeElement.className')).toBe('mail-frame');
    await press('d');
    await expect.poll(address).not.toBe(first);
    const second = address();
    await page.getByText('The item is completed.').waitFor();
    await press('z');
    await expect.poll(address).toBe(first);
    await page.getByText('The item is yours again.').waitFor();
    await mine();
    await press('d');
    await expect.poll(address).toBe(second);
    await mine();
    for (let done = 0; done < 7; done += 1) {
      const before = address();
      await press('d');
      await expect.poll(address).not.toBe(before);
      await mine();
    }
    const last = address();
    await press('e');
    await page.getByText('The item is completed.').waitFor();
    await page.getByRole('table', { name: 'Items' }).waitFor();
    await press('z');
    await page.getByText('The item is yours again.').waitFor();
    await expect.poll(address).toBe(last);
    await mine();

    await press('i');
    await page.keyboard.type('Ask Bob: e d n p');
    await press('Tab');
    await press('Enter');
    await page.getByText('The note is added.').waitFor();
    await page.getByRole('heading', { level: 1 }).focus();
    await press('p');
    await page.getByRole('dialog').getByLabel('The customer writes').waitFor();
    await agent.expectAccessible('dark');
    await press('Enter');
    await page.getByText('The item is parked.').waitFor();
    await page.getByText('Parked until the customer writes, by you').waitFor();
    await agent.expectAccessible('light');

    await page.getByRole('heading', { level: 1 }).focus();
    await press('y');
    await page.getByRole('heading', { name: 'Parked by you' }).waitFor();
    await agent.expectAccessible('light');
    await press('j');
    await press('o');
    await expect.poll(address).toBe(last);
    const completed = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?state=completed`);
    expect(completed.items).toHaveLength(9);
    await agent.close();
  });

  it('completes what is ticked, and says what another agent holds', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 1280, height: 900 });
    const held = await stack.mailroom.post<{ id: string; subject: string }>(`/queues/${queueId}/claim`, {});
    await stack.mailroom.post(`/items/${held.id}/release`, {});
    await page.goto(`${stack.mailroom.url}/queues/${queueId}`);
    await page.getByRole('table', { name: 'Items' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 item selected').first().waitFor();
    // Keys go on after a click on a box.
    await page.locator('[data-item] input').first().click();
    await page.getByText('1 item selected').first().waitFor({ state: 'detached' });
    await page.keyboard.press('x');
    await page.getByText('1 item selected').first().waitFor();
    await admin.expectAccessible('light');
    // What is not shown is not done.
    await page.getByLabel('Sent by').selectOption({ label: 'Programs only' });
    await page.getByText('1 item selected').first().waitFor({ state: 'detached' });
    await page.getByLabel('Sent by').selectOption({ label: 'Everyone' });
    await page.getByText('1 item selected').first().waitFor();
    await stack.mailroom.post(`/items/${held.id}/claim`, {});
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await page.getByText('1 item was left as it is:').waitFor();
    await page.getByText('Another user holds this item.').waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    for (const path of ['/mine', `/items/${held.id}`]) {
      await page.goto(`${stack.mailroom.url}${path}`);
      await page.getByRole('heading', { level: 1 }).and(page.locator(':not(.visually-hidden)')).waitFor();
      await admin.expectFits();
    }
  });

  it('takes an item back from the board, reassigns it, exports what was handled, and marks what is past its target', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 1280, height: 900 });
    const held = await stack.mailroom.post<{ id: string; subject: string }>(`/queues/${queueId}/claim`, {});
    const { name } = await stack.mailroom.get<{ name: string }>(`/queues/${queueId}`);
    await page.goto(`${stack.mailroom.url}/queues`);
    await page.getByRole('button', { name: `Edit: ${name}` }).click();
    const within = page.getByLabel('Completed within', { exact: true });
    await within.fill('0');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Enter a duration from one minute').waitFor();
    await within.fill('1');
    await page.getByLabel('Completed within: unit').selectOption('minutes');
    await page.getByLabel('Only business hours count').check();
    await admin.expectAccessible('light');
    await page.getByLabel('Only business hours count').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await stack.db
      .updateTable('items')
      .set({ receivedAt: new Date(Date.now() - 3_600_000) })
      .where('id', '=', held.id)
      .execute();
    await page.getByRole('link', { name: 'Board' }).click();
    const row = page.getByRole('table', { name: 'Being worked on' }).getByRole('row').filter({ hasText: held.subject });
    await row.getByText('Overdue: was due').first().waitFor();
    await admin.expectAccessible('light');
    await row.getByRole('button', { name: /^Take back/ }).click();
    await row.waitFor({ state: 'detached' });
    await page.goto(`${stack.mailroom.url}/items/${held.id}`);
    await page.getByText('Overdue: was due').waitFor();
    expect((await stack.mailroom.get<{ state: string }>(`/items/${held.id}`)).state).toBe('waiting');

    await stack.mailroom.post(`/items/${held.id}/claim`, {});
    await page.goto(`${stack.mailroom.url}/queues/${queueId}`);
    await page.getByText('The next is the one that is due first').waitFor();
    await page.getByRole('link', { name: 'Board' }).click();
    await row.getByRole('button', { name: /^Reassign/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Person').selectOption({ index: 1 });
    await dialog.getByRole('button', { name: 'Move' }).click();
    await row.waitFor({ state: 'detached' });
    const moved = await stack.mailroom.get<object>(`/items/${held.id}`);
    expect(moved).toMatchObject({ state: 'waiting', assignee: { by: expect.stringMatching(/^user:/) } });

    await stack.mailroom.post(`/items/${held.id}/claim`, {});
    await stack.mailroom.post(`/items/${held.id}/complete`, {});
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download as CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('mailroom-board.csv');
    const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(lines[0]).toBe('\ufeffday,queue,handled,first_answer_p50_seconds,first_answer_p90_seconds');
    expect(lines[1]).toContain(`,${name},`);
  });

  it('keeps an open dialog, and what was written in it, where a telephone is turned', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 800, height: 360 });
    const waiting = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items`);
    await page.goto(`${stack.mailroom.url}/items/${waiting.items[0]?.id}`);
    await page.getByRole('button', { name: 'Claim', exact: true }).click();
    await page.getByRole('button', { name: 'Release' }).waitFor();
    await page.getByRole('button', { name: 'Park' }).click();
    const note = page.getByRole('dialog').getByLabel('Note');
    await note.fill('Asked for the serial number.');
    for (const width of [360, 800]) {
      await page.setViewportSize({ width, height: 800 });
      // In the bar at the bottom where it is narrow, else beside the subject.
      await page.locator('.action-bar').waitFor({ state: width === 360 ? 'attached' : 'detached' });
      expect(await note.inputValue()).toBe('Asked for the serial number.');
      await admin.expectFits();
    }
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  });

  it('hides nothing behind its buttons on a telephone, also where they need several lines', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 360, height: 800 });
    await page.locator('.action-bar').waitFor();
    const heightOfBar = async () => (await page.locator('.action-bar').boundingBox())?.height;
    expect(await heightOfBar()).toBeGreaterThan(100);
    const roomBelow = () =>
      page.evaluate<number>(`(() => {
        scrollTo(0, document.documentElement.scrollHeight);
        const edge = (selector, side) => document.querySelector(selector).getBoundingClientRect()[side];
        return edge('.action-bar', 'top') - edge('.mail-columns', 'bottom');
      })()`);
    await expect.poll(roomBelow).toBeGreaterThanOrEqual(0);
    await admin.expectFits();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('button', { name: 'Claim', exact: true }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});
