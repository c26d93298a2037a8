import { sql, type UpdateObject } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearCondition, setCondition } from '../../database/accounts/account-conditions.ts';
import type { Schema } from '../../database/schema.ts';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { withoutBreaks } from '../../web/unbroken-words.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'watched@contoso.example';
/** Old enough to be compared, and young enough to be captured. */
const TEN_MINUTES_AGO = new Date(Date.now() - 10 * 60_000);
const PATIENCE = { timeoutMs: 20_000 };

interface Message {
  readonly id: string;
}

/** How mail of an account is found and proved to be all there, as two people see it, in two languages. */
describe('the watch over an account', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let other: Visitor;
  let accountId: string;
  let simulator: ReturnType<typeof createSimulatorControl>;
  const region = (name: string, of = admin) => of.page.getByRole('region', { name });
  const fact = (name: string, text: string) =>
    region('Overview').locator(`dt:text-is("${name}") + dd`).filter({ hasText: text });
  const status = (word: string, tone: string, of = admin) =>
    of.page.locator(`.page .status[data-tone="${tone}"]`).filter({ hasText: word });
  const light = ({ page }: Visitor, name: string) => page.locator(`.health summary[aria-label="${name}"]`);
  const deliver = (subject: string) => simulator.deliver(ADDRESS, { subject, receivedAt: TEN_MINUTES_AGO });
  const move = ({ id }: Message, folder: string) =>
    simulator.call<Message>('POST', `/mailboxes/${ADDRESS}/messages/${encodeURIComponent(id)}/move`, { folder });
  const subjects = async () =>
    (await stack.db.selectFrom('messages').select('subject').execute()).map(({ subject }) => subject).sort();
  const arrived = (...expected: readonly string[]) =>
    eventually(async () => expect(await subjects()).toEqual([...expected].sort()), PATIENCE);

  /** Nothing hinders the account; pages are told, as they are not of watches. */
  async function wellButFor(watch: UpdateObject<Schema, 'watches'>): Promise<void> {
    await stack.db.updateTable('watches').set(watch).where('accountId', '=', accountId).execute();
    await stack.db.deleteFrom('fullMailboxes').where('accountId', '=', accountId).execute();
    await setCondition(stack.db, accountId, { type: 'Unavailable', reason: 'network' });
    await clearCondition(stack.db, accountId, { clockSkewMs: undefined });
  }

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    simulator = createSimulatorControl(stack.simulatorUrl);
    accountId = await connectAccount(stack, ADDRESS, { backfillDays: 1 });
    await simulator.signIn({ mode: 'interactive' });
    const url = `${stack.mailroom.url}/config/email/accounts/${accountId}`;
    [admin, other] = await Promise.all([browser.visit(), browser.visit({ locale: 'de-DE', colorScheme: 'dark' })]);
    await openSignedIn(admin.page, url, DEFAULT_ADMINISTRATOR);
    await other.page.goto(url);
    await other.page.getByRole('link', { name: 'Anmelden' }).click();
    await signInAtMicrosoft(other.page, DEFAULT_ADMINISTRATOR);
    await other.page.waitForURL(url);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('is told as push, with the time of the last notification', async () => {
    const overview = region('Overview');
    await overview.getByText('Microsoft notifies Mailroom of new mail.').waitFor();
    expect(await overview.getByText('Push', { exact: true }).count()).toBe(1);
    await region('Überblick', other).getByText(withoutBreaks('Microsoft meldet Mailroom neue E-Mails.')).waitFor();
    await deliver('First');
    await arrived('First');
    await overview.locator('dt:text-is("Last notification") + dd time').waitFor();
    await admin.page.getByRole('link', { name: 'All accounts' }).click();
    const row = admin.page.getByRole('row').filter({ hasText: ADDRESS });
    expect(await row.getByTitle('Microsoft notifies Mailroom of new mail.').innerText()).toBe('Push');
    await row.getByRole('link', { name: ADDRESS }).click();
  });

  it('may be less close while nothing comes', async () => {
    await admin.page.getByRole('switch', { name: 'Poll less often' }).focus();
    await admin.page.keyboard.press('Space');
    await region('History').getByText('Polled less often while no mail arrives.').waitFor();
    await region('Verlauf', other)
      .getByText(withoutBreaks('Wird seltener abgefragt, solange keine E-Mails kommen.'))
      .waitFor();
    await expect.poll(() => other.page.getByRole('switch', { name: 'Seltener abfragen' }).isChecked()).toBe(true);
    const { delivery } = await stack.mailroom.get<{ delivery: object }>(`/email/accounts/${accountId}`);
    expect(delivery).toMatchObject({ restsWhenQuiet: true });
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('finds by comparison what left the mailbox and came back untold, and captures it before their eyes', async () => {
    await region('Completeness').getByText('The mailbox has not been compared with Mailroom yet.').waitFor();
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: false });
    await region('Completeness').getByText('Only accounts that are signed in and enabled are compared.').waitFor();
    expect(await region('Completeness').getByRole('button', { name: 'Compare now' }).isDisabled()).toBe(true);
    await admin.page.getByText('Nothing is routed while the account is disabled: its mail waits in').waitFor();
    await other.page.getByText('Solange das Konto deaktiviert ist, wird nichts verteilt').waitFor();
    await fact('Delivery', 'The account is disabled, so nothing is read.').waitFor();
    expect(await fact('Delivery', 'None').count()).toBe(1);
    const away = await move(await deliver('Comes back'), 'archive');
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: true });
    await deliver('Second');
    await arrived('First', 'Second');
    await simulator.addFault({ kind: 'hidden-returns', mailbox: ADDRESS });
    await move(away, 'inbox');
    await deliver('Third');
    await arrived('First', 'Second', 'Third');

    await region('Completeness').getByRole('button', { name: 'Compare now' }).click();
    const completeness = region('Completeness');
    await completeness.getByText('4 of 4').waitFor({ timeout: 20_000 });
    await completeness.getByText('1 message had been missing until this comparison.').waitFor();
    await completeness.getByText('Was missing and is now captured.').waitFor();
    const theirs = region('Vollständigkeit', other);
    await theirs.getByText('4 von 4').waitFor();
    await theirs.getByText('Fehlte und ist jetzt erfasst.').waitFor();
    await region('Verlauf', other).getByText(withoutBreaks('Eine E-Mail fehlte und ist jetzt erfasst.')).waitFor();
    await arrived('Comes back', 'First', 'Second', 'Third');
    await admin.expectAccessible('light');
    await other.expectAccessible('dark');
    await completeness.getByRole('link', { name: 'Show the message' }).click();
    await admin.page.getByRole('heading', { level: 1, name: 'Comes back' }).waitFor();
    await admin.page.goBack();
  });

  it('shows without a reload that the mailbox is full', async () => {
    await simulator.addFault({ kind: 'quota', mailbox: ADDRESS });
    await deliver('Into a full mailbox');
    await admin.page.getByText('Mailbox full', { exact: true }).waitFor();
    await status('Postfach voll', 'warn', other).waitFor();
    await fact('State', 'Mailbox full').waitFor();
    await fact('Delivery', 'The mailbox is full, so new mail is found by listing the inbox.').waitFor();
    await other.page.getByText('Das Postfach ist voll, deshalb meldet Microsoft keine Änderungen mehr').waitFor();
    await arrived('Comes back', 'First', 'Into a full mailbox', 'Second', 'Third');
    await admin.expectAccessible('light');
    await other.expectAccessible('dark');
  });

  it('fits a telephone', async () => {
    for (const visitor of [admin, other]) {
      await visitor.page.setViewportSize({ width: 360, height: 800 });
      await visitor.expectFits();
    }
    await admin.page.getByRole('link', { name: 'All accounts' }).click();
    const row = admin.page.getByRole('row').filter({ hasText: ADDRESS });
    await row.getByText('Push').waitFor();
    await admin.expectFits();
    await row.getByRole('link', { name: ADDRESS }).click();
  });

  it('tells apart what Microsoft asks for and what Mailroom allows itself', async () => {
    await stack.stopWorkers('SIGTERM');
    const until = new Date(Date.now() + 60_000);
    await setCondition(stack.db, accountId, { type: 'Throttled', reason: 'budget-used-up', until });
    await admin.page
      .getByText(/as many requests as Microsoft allows in a period. It continues automatically at \d\d:\d\d:\d\d/)
      .waitFor();
    await other.page
      .getByText(/so viele Anfragen gestellt, wie Microsoft in einem Zeitraum erlaubt. Um \d\d:/)
      .waitFor();
    await setCondition(stack.db, accountId, { type: 'Throttled', reason: 'rate-limited', until });
    await admin.page.getByText('Microsoft asked Mailroom to wait until').waitFor();
    await other.page.getByText('Microsoft hat Mailroom gebeten, bis').waitFor();
  });

  it('names whatever hinders the account, and in red what only a person can end', async () => {
    await setCondition(stack.db, accountId, { type: 'SettingsRejected', reason: 'secret-expired' });
    await status('Settings refused', 'bad').waitFor();
    await status('Einstellungen abgewiesen', 'bad', other).waitFor();
    await fact('State', 'Settings refused').waitFor();
    await fact('Delivery', 'Nothing can be read at the moment.').waitFor();
    await setCondition(stack.db, accountId, { type: 'Unavailable' });
    await status('Not being read', 'warn').waitFor();
    await status('Wird nicht gelesen', 'warn', other).waitFor();
  });

  it('says that a backlog is being read, and how much of it is', async () => {
    await stack.db
      .updateTable('cursors')
      .set({ complete: false, updatedAt: sql`now()` })
      .where('accountId', '=', accountId)
      .execute();
    await wellButFor({ dueAt: sql<Date>`'infinity'` });
    await status('Catching up', 'busy').waitFor();
    await admin.page.getByText('The mailbox holds more mail than has been read so far; reading continues.').waitFor();
    await other.page.getByText(withoutBreaks('Heute erfasst: 5 E-Mails.')).waitFor();
    await admin.expectAccessible('light');
    await other.expectAccessible('dark');
  });

  it('says that it is not polled, as long as no worker runs', async () => {
    await stack.db.updateTable('cursors').set({ complete: true }).where('accountId', '=', accountId).execute();
    const fiveMinutesAgo = sql<Date>`now() - interval '5 minutes'`;
    await wellButFor({ dueAt: fiveMinutesAgo, notBefore: fiveMinutesAgo, currentAt: fiveMinutesAgo });
    await status('Not checked for 5 minutes', 'warn').waitFor();
    await status('5 Minuten nicht geprüft', 'warn', other).waitFor();
    await admin.page.getByText('Probably no worker is running').waitFor();
    await admin.expectAccessible('light');
    // On every page, as soon as it is asked again.
    await admin.page.getByText('Workers: No process is running, so no mailbox is read.').waitFor({ timeout: 20_000 });
    await other.page.getByText('Es läuft kein Prozess, deshalb wird kein Postfach gelesen.').waitFor();
    for (const { page } of [admin, other]) await page.setViewportSize({ width: 1280, height: 800 });
    await light(admin, 'Health: Not working').click();
    await light(other, 'Zustand: Gestört').click();
    const components = admin.page.locator('.health li');
    expect(await components.count()).toBe(6);
    await components.filter({ hasText: 'Workers: Not working' }).waitFor();
    await components.filter({ hasText: 'Temporal: Works' }).waitFor();
    await other.page.locator('.health li').filter({ hasText: 'Worker: Gestört' }).waitFor();
    await admin.page.setViewportSize({ width: 360, height: 800 });
    await admin.page.getByRole('button', { name: 'Not working' }).click();
    await components.filter({ hasText: 'Workers: Not working' }).waitFor();
    await admin.expectFits();
    for (const [person, scheme] of [
      [admin, 'light'],
      [other, 'dark'],
    ] as const)
      await person.expectAccessible(scheme);
    await admin.page.setViewportSize({ width: 1280, height: 800 });
    await simulator.clearFaults();
    await stack.startWorker();
    await status('Authenticated', 'good').waitFor({ timeout: 20_000 });
    await components.filter({ hasText: 'Workers: Works' }).waitFor({ timeout: 20_000 });
    for (const { page } of [admin, other]) await page.locator('.health summary').click();
    admin.expectNoComplaints();
    other.expectNoComplaints();
  });

  it('says at the control that the outcome is unknown while Mailroom stands still, and then what holds', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('link', { name: 'All accounts' }).click();
    const toggle = page.getByRole('switch', { name: `Route the mail of ${ADDRESS}` });
    await toggle.waitFor();
    stack.freezeApi(true);
    try {
      await toggle.focus();
      await page.keyboard.press('Space');
      const row = page.getByRole('row').filter({ hasText: 'Mailroom' });
      await row.getByText('No answer from Mailroom yet').waitFor({ timeout: 4_000 });
      await row.getByText('has not answered within 10 seconds, so it is not known').waitFor({ timeout: 12_000 });
      await admin.expectAccessible('light');
      await admin.expectAccessible('dark');
      await page
        .getByRole('alert')
        .filter({ hasText: 'What you see may be out of date.' })
        .waitFor({ timeout: 15_000 });
    } finally {
      stack.freezeApi(false);
    }
    await page.getByText('Mailroom is responding again, and this page is up to date.').waitFor({ timeout: 15_000 });
    const { enabled } = await stack.mailroom.get<{ enabled: boolean }>(`/email/accounts/${accountId}`);
    expect(await toggle.isChecked()).toBe(enabled);
    if (!enabled) await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: true, resume: 'catch-up' });
    await page.getByRole('link', { name: ADDRESS }).click();
    await status('Authenticated', 'good').waitFor();
  });

  it('says that nothing it shows can be relied on while Mailroom does not answer, until it does', async () => {
    await stack.killEverything();
    const notice = admin.page.getByText(
      'Mailroom does not answer. Check your connection. What you see may be out of date.',
    );
    await notice.waitFor({ timeout: 20_000 });
    expect(await admin.page.getByRole('alert').filter({ hasText: 'does not answer' }).count()).toBe(1);
    const theirs = other.page.getByRole('alert').filter({ hasText: 'Mailroom antwortet nicht.' });
    await theirs.waitFor({ timeout: 20_000 });
    await admin.page.setViewportSize({ width: 360, height: 800 });
    await admin.expectFits();
    await admin.expectAccessible('dark');
    await stack.startEverything();
    await notice.waitFor({ state: 'detached', timeout: 20_000 });
    await status('Authenticated', 'good').waitFor();
  });
});
