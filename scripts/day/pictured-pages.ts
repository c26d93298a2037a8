import type { Page } from 'playwright-core';
import type { MailroomClient } from '../mailroom-client.ts';
import { askAsPerson, type FurnishedPages, workSome } from './furnish-pages.ts';
import { enterAtMicrosoft, type OpenedPage } from './picture-browser.ts';
import { desks } from './plan.ts';
import type { PreparedDay } from './prepare-day.ts';

export interface PicturedPage extends OpenedPage {
  /** Opened by a browser without a session. */
  readonly isPublic?: boolean;
  /** What is done once, before all pictures of the page. `page` is one where the administrator is signed in. */
  readonly prepare?: (mailroom: MailroomClient, page: Page) => Promise<unknown>;
}

/** Seconds of an offer while its pictures are taken, and of one that is to be missed. */
const LONG_OFFER = 300;
const SHORT_OFFER = 10;

const dialog = (page: Page) => page.getByRole('dialog');
const mail = (page: Page) => page.locator('iframe.mail-frame, .mail-text').first().waitFor();

/** Every page and the dialogs of most work, in the order of their pictures: the last ones change what others show. */
export function picturedPages(day: PreparedDay, furnished: FurnishedPages): readonly PicturedPage[] {
  const { queueId, agentId, attachedItemId } = furnished;
  const [first, second, third] = day.items;
  const account = `/config/email/accounts/${day.accountIds[0]}`;
  let signInPath = '';
  return [
    { name: 'accounts', path: '/config/email/accounts' },
    {
      name: 'account-dialog',
      path: '/config/email/accounts',
      act: (page) => open(page, page.getByRole('button', { name: /^(Add account|Konto hinzufügen)$/ })),
    },
    {
      name: 'connect-many-dialog',
      path: '/config/email/accounts',
      act: (page) => open(page, page.getByRole('button', { name: /^(Connect many|Viele verbinden)$/ })),
    },
    { name: 'remove-dialog', path: '/config/email/accounts', act: removeFirst },
    { name: 'navigation', path: '/config/email/accounts', act: openNavigation },
    { name: 'settings', path: '/config/email/settings' },
    { name: 'account', path: account },
    { name: 'missing-account', path: '/config/email/accounts/01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11' },
    { name: 'canned', path: '/config/answers' },
    { name: 'canned-dialog', path: '/config/answers', act: (page) => open(page, page.locator('main button').first()) },
    { name: 'queues', path: '/queues' },
    { name: 'queue', path: `/queues/${queueId}` },
    { name: 'queue-dialog', path: '/queues', act: openQueueDialog },
    { name: 'mine', path: '/mine' },
    { name: 'search', path: '/search?q=mail' },
    { name: 'item', path: `/items/${second?.id}`, act: mail },
    { name: 'item-german', path: `/items/${third?.id}`, act: mail },
    { name: 'item-attached', path: `/items/${attachedItemId}`, act: mail },
    { name: 'item-attached-open', path: `/items/${attachedItemId}`, act: openAttached },
    {
      name: 'answer',
      path: `/items/${first?.id}`,
      prepare: (_, page) =>
        askAsPerson(page, 'POST', `/items/${first?.id}/notes`, { text: 'The customer called.', mentions: [] }),
      act: beginAnswer,
    },
    { name: 'keys', path: `/items/${second?.id}`, act: (page) => pressOnMail(page, '?') },
    { name: 'move-dialog', path: `/items/${second?.id}`, act: (page) => pressOnMail(page, 'm') },
    { name: 'park-dialog', path: `/items/${second?.id}`, act: (page) => pressOnMail(page, 'p') },
    { name: 'park-dialog-moment', path: `/items/${second?.id}`, act: parkUntil },
    {
      name: 'item-claimed',
      path: `/items/${first?.id}`,
      prepare: (_, page) => askAsPerson(page, 'POST', `/items/${first?.id}/claim`, {}),
      act: mail,
    },
    { name: 'mine-claimed', path: '/mine' },
    { name: 'board', path: '/board', prepare: (mailroom, page) => workSome(mailroom, page, day) },
    { name: 'users', path: '/admin/users' },
    { name: 'user-dialog', path: '/admin/users', act: (page) => open(page, page.locator('main button').first()) },
    {
      name: 'sight-dialog',
      path: '/admin/users',
      act: (page) => open(page, page.locator('td button.mantine-Anchor-root').first()),
    },
    { name: 'teams', path: '/admin/teams' },
    { name: 'team-dialog', path: '/admin/teams', act: (page) => open(page, page.locator('table button').first()) },
    { name: 'api-keys', path: '/admin/api-keys' },
    { name: 'api-key-dialog', path: '/admin/api-keys', act: (page) => open(page, page.locator('main button').first()) },
    { name: 'retention', path: `/admin/retention?item=${second?.id}` },
    {
      name: 'hold-dialog',
      path: `/admin/retention?item=${second?.id}`,
      act: (page) => open(page, page.getByRole('button', { name: /^(Place a hold|Sperre setzen)$/ })),
    },
    { name: 'provisioning', path: '/admin/provisioning' },
    { name: 'sign-on', path: '/admin/sign-in' },
    { name: 'audit', path: '/admin/audit', act: (page) => page.locator('main details summary').first().click() },
    { name: 'sessions', path: '/sessions' },
    { name: 'sessions-of-user', path: `/sessions?user=${agentId}` },
    { name: 'missing', path: '/nothing-here' },
    { name: 'missing-item', path: '/items/01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11' },
    { name: 'outage', path: '/queues', act: cutOff },
    { name: 'front', path: '/queues', isPublic: true },
    {
      name: 'sign-in-link',
      get path() {
        return signInPath;
      },
      isPublic: true,
      async prepare(mailroom) {
        const link = await mailroom.post<{ signInUrl: string }>(`/email/accounts/${day.accountIds[1]}/sign-in`, {});
        const { pathname, search } = new URL(link.signInUrl);
        signInPath = `${pathname}${search}`;
      },
    },
    { name: 'sign-in-link-unknown', path: '/email/connect?link=unknown', isPublic: true },
    { name: 'owner', path: '/email/mailbox', isPublic: true },
    { name: 'owner-mailboxes', path: '/email/mailbox', isPublic: true, act: signInAsOwner },
    { name: 'refused', path: '/auth/callback?state=unknown&code=unknown', isPublic: true },
    {
      name: 'offer',
      path: '/queues',
      prepare: (mailroom, page) => offer(mailroom, page, queueId, LONG_OFFER),
      act: (page) => page.locator('.offers').waitFor(),
    },
    {
      name: 'offer-missed',
      path: '/queues',
      async prepare(mailroom, page) {
        await offer(mailroom, page, queueId, SHORT_OFFER);
        await page.getByRole('button', { name: 'Stay away' }).waitFor({ timeout: 60_000 });
      },
      act: (page) => page.locator('.set-away').waitFor(),
    },
    {
      name: 'users-with-capacity',
      path: '/admin/users',
      act: (page) => page.locator('table select').first().waitFor(),
    },
    { name: 'queue-dialog-offers', path: '/queues', act: openQueueDialog },
  ];
}

async function open(page: Page, button: ReturnType<Page['locator']>): Promise<void> {
  await button.click();
  await dialog(page).waitFor();
}

async function removeFirst(page: Page): Promise<void> {
  await page.locator('tbody input[type=checkbox]').first().check();
  await open(page, page.locator('.action-bar button').first());
}

/** In windows in which it is closed. */
async function openNavigation(page: Page): Promise<void> {
  const burger = page.locator('.shell-header button').first();
  if (await burger.isVisible()) await burger.click();
}

async function parkUntil(page: Page): Promise<void> {
  await pressOnMail(page, 'p');
  await dialog(page).locator('input[value=moment]').check();
  await dialog(page).locator('input[type=datetime-local]').fill('2027-03-04T09:30');
}

/** Opens the dialog of the queue with the longest name. */
async function openQueueDialog(page: Page): Promise<void> {
  await open(page, page.getByRole('row').filter({ hasText: desks[1].queue }).getByRole('button').first());
}

async function openAttached(page: Page): Promise<void> {
  await mail(page);
  const files = page.locator('.mail-attachments');
  if (!(await files.locator('.attachment button').first().isVisible())) await files.locator('summary').click();
  await open(
    page,
    files
      .locator('.attachment')
      .filter({ has: page.locator('button') })
      .getByRole('button')
      .first(),
  );
  await dialog(page).locator('dl').first().waitFor();
}

async function beginAnswer(page: Page): Promise<void> {
  await mail(page);
  const composer = page.locator('.composer');
  if (await composer.isVisible()) return;
  await page.locator('[aria-keyshortcuts="r"]').click();
  await composer.waitFor();
}

async function pressOnMail(page: Page, key: string): Promise<void> {
  await mail(page);
  await page.keyboard.press(key);
  await dialog(page).waitFor();
}

/** Cuts the page off from Mailroom. */
async function cutOff(page: Page): Promise<void> {
  await page.route('**/api/**', (route) => route.abort());
  await page.locator('main a.row-link').first().click();
  await page.locator('.outage .notice, main .notice').first().waitFor({ timeout: 60_000 });
}

async function signInAsOwner(page: Page): Promise<void> {
  await page.locator('button').click();
  await page.getByLabel('Email address').waitFor();
  await enterAtMicrosoft(page, desks[1].address);
  await page.waitForURL((url) => url.pathname === '/email/mailbox');
  await page.locator('h2').first().waitFor();
}

/** Lets the queue's items be offered to the administrator, for so many seconds each. */
async function offer(mailroom: MailroomClient, page: Page, queueId: string, timeoutSeconds: number): Promise<void> {
  await mailroom.patch(`/queues/${queueId}`, { offers: { timeoutSeconds, allowsClaims: true } });
  await page.goto(new URL('/queues', page.url()).href);
  await askAsPerson(page, 'PUT', '/me/availability', { state: 'available' });
  const decline = page.getByRole('button', { name: 'Decline (-)' });
  await decline.waitFor({ timeout: 60_000 });
  if (timeoutSeconds === SHORT_OFFER) await decline.click();
}
