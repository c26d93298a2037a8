import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parkMessages } from '../../database/capture/quarantine.ts';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn } from './sign-in.ts';
import { expectFocus, pressWhereSeen, startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'service@contoso.example';

interface Rule {
  readonly id: string;
  readonly queueId: string;
  readonly queue: { readonly name: string };
  readonly keywords: readonly string[];
}

interface Routing {
  readonly version: number;
  readonly defaultQueueId: string | null;
  readonly rules: readonly Rule[];
}

/** One supervisor's look after an account, step by step on one stack. */
describe('the page of an account', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let accountId: string;
  let simulator: ReturnType<typeof createSimulatorControl>;
  const expectSaved = () => admin.page.getByRole('button', { name: 'Save routing' }).waitFor({ state: 'detached' });
  const readRouting = () => stack.mailroom.get<Routing>(`/email/accounts/${accountId}/routing`);

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    await stack.mailroom.post('/queues', { name: 'Billing' });
    await stack.mailroom.post('/queues', { name: 'Returns' });
    accountId = await connectAccount(stack, ADDRESS);
    simulator = createSimulatorControl(stack.simulatorUrl);
    await simulator.deliver(ADDRESS, { subject: 'Where is my refund?' });
    await simulator.deliver(ADDRESS, { subject: 'Good morning' });
    await simulator.signIn({ mode: 'interactive' });
    admin = await browser.visit();
    await openSignedIn(admin.page, `${stack.mailroom.url}/config/email/accounts/${accountId}`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('shows the state, what happened, and what was read', async () => {
    const { page } = admin;
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe(ADDRESS);
    await page.getByText('Signed in: the mailbox is connected.').waitFor();
    await page.getByRole('table', { name: 'Last drains' }).waitFor();
    await page.getByText('Every message could be captured.').waitFor();
    const workflow = await page.getByRole('link', { name: 'Show in Temporal' }).getAttribute('href');
    expect(workflow).toContain(`mailbox-${accountId}`);
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('takes rules with pasted keywords, and warns of those that can never decide', async () => {
    const { page } = admin;
    await page.getByRole('combobox', { name: 'Add queue' }).click();
    await page.getByRole('option', { name: 'Billing' }).click();
    await expectFocus(page.getByRole('combobox', { name: 'Keywords of rule 1' }));
    expect(await page.getByText('Needs at least one keyword.').count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.getByText('Needs at least one keyword.').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text', 'invoice, refund\\npast due');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }`);
    await page.getByRole('combobox', { name: 'Add queue' }).click();
    await page.getByRole('option', { name: 'Returns' }).click();
    await page.getByRole('combobox', { name: 'Keywords of rule 2' }).fill('Refund');
    await page.keyboard.press('Enter');
    await page.getByText('“Refund” is in rule 1 already, which comes first.').waitFor();
    await page.getByText('Unsaved changes').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('shows with unsaved rules where a subject would go, and why', async () => {
    const { page } = admin;
    await page.getByLabel('Subject', { exact: true }).fill('Your INVOICE 4711');
    await page.getByText('Rule 1: the subject contains “invoice”.').waitFor();
    expect(await page.locator('mark').innerText()).toBe('INVOICE');
    expect(await page.locator('.rule[data-winner="true"]').count()).toBe(1);
    await page.getByRole('combobox', { name: 'or choose a received message' }).click();
    await page.getByRole('option', { name: 'Where is my refund?' }).click();
    await page.getByText('Rule 1: the subject contains “refund”.').waitFor();
  });

  it('rehearses the unsaved rules on the mail that was received', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click();
    await page.getByText('1 of 2 messages would have gone elsewhere.').waitFor();
    const moves = page.getByRole('table', { name: 'Messages that would have gone elsewhere' });
    await moves.getByRole('row', { name: /Where is my refund\? General Billing Rule 1/ }).waitFor();
    expect(await moves.locator('mark').innerText()).toBe('refund');
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    const keywords = page.getByRole('combobox', { name: 'Keywords of rule 2' });
    await keywords.fill('hello');
    await page.keyboard.press('Enter');
    await page.getByText('The rules were changed since. Rehearse again.').waitFor();
    await keywords.press('Backspace');
    await page.getByText('The rules were changed since. Rehearse again.').waitFor({ state: 'detached' });
  });

  it('is ordered by the keyboard', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Move rule 2 with the arrow keys' }).focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText('The rule is number 1 of 2 now.').waitFor();
    await page.getByText('Rule 1: the subject contains “Refund”.').waitFor();
  });

  it('asks before it is left with changes, and saves them', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'All accounts' }).click();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('button', { name: 'Rehearse again' }).click();
    await page.getByText('The rules were changed since. Rehearse again.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save routing' }).click();
    await page.getByText('It counts from the next message.').waitFor();
    expect(await page.getByText('The rules were changed since. Rehearse again.').count()).toBe(0);
    const { rules } = await readRouting();
    expect(rules.map(({ queue, keywords }) => [queue.name, ...keywords])).toEqual([
      ['Returns', 'Refund'],
      ['Billing', 'invoice', 'refund', 'past due'],
    ]);
  });

  it.each([1280, 360])('is saved by the first click, from a keyword box without Enter, at %i px', async (width) => {
    const { page } = admin;
    await page.setViewportSize({ width, height: 900 });
    const box = page.getByRole('combobox', { name: 'Keywords of rule 1' });
    await box.fill('a keyword that fills its line, as long as it is being typed');
    await page.keyboard.press('Enter');
    await box.pressSequentially(`typed at ${width}`);
    await pressWhereSeen(page.getByRole('button', { name: 'Rehearse again' }));
    await page.getByText('The rules were changed since. Rehearse again.').waitFor({ state: 'detached' });
    await box.focus();
    await box.pressSequentially(', and more');
    await pressWhereSeen(page.getByRole('button', { name: 'Save routing' }));
    await expectSaved();
    const keywords = (await readRouting()).rules[0]?.keywords;
    expect(keywords).toEqual(expect.arrayContaining([`typed at ${width}`, 'and more']));
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('leads who saves a rule without keywords to it', async () => {
    const { page } = admin;
    await page.getByRole('combobox', { name: 'Add queue' }).click();
    await page.getByRole('option', { name: 'Returns' }).click();
    await pressWhereSeen(page.getByRole('button', { name: 'Save routing' }));
    await page.getByText('Needs at least one keyword.').waitFor();
    await expectFocus(page.getByRole('combobox', { name: 'Keywords of rule 3' }));
    await page.keyboard.type('sent back');
    await page.getByText('Needs at least one keyword.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save routing' }).click();
    await expectSaved();
    expect((await readRouting()).rules[2]?.keywords).toEqual(['sent back']);
  });

  it('keeps unsaved rules over the end of the session, for this person only', async () => {
    const { page } = admin;
    await page.getByRole('combobox', { name: 'Keywords of rule 2' }).pressSequentially('half typed');
    await page.getByRole('button', { name: 'Save routing' }).waitFor();
    await stack.db.deleteFrom('sessions').execute();
    // If it is still there: what the page reads by itself may have noticed the end first.
    await page.evaluate(
      "[...document.querySelectorAll('button')].find((button) => button.innerText === 'Save routing')?.click()",
    );
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText(/Your unsaved changes from .* were restored/).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Save routing' }).click();
    await expectSaved();
    expect((await readRouting()).rules[1]?.keywords).toContain('half typed');
    expect(await page.evaluate('Object.keys(sessionStorage).filter((key) => key.includes("draft"))')).toEqual([]);
  });

  it('puts what was entered here into what another person saved, names both, and drops nothing', async () => {
    const { page } = admin;
    const { version, defaultQueueId, rules } = await readRouting();
    const [first, second, third] = rules;
    await page.getByRole('button', { name: 'Remove rule 3' }).click();
    await expectFocus(page.getByRole('button', { name: 'Remove rule 2' }));
    await page.getByRole('combobox', { name: 'Keywords of rule 1' }).pressSequentially('mine');
    const theirs = [second, { ...first, keywords: [...(first?.keywords ?? []), 'theirs'] }, third].map(
      ({ id, queueId, keywords = [] }: Partial<Rule> = {}) => ({ id, queueId, keywords }),
    );
    await stack.mailroom.put(`/email/accounts/${accountId}/routing`, { version, defaultQueueId, rules: theirs });
    await page.getByRole('button', { name: 'Save routing' }).click();
    await page.getByText(/^the API key test has saved this routing on|^test has saved this routing on/).waitFor();
    await page.getByText('added “theirs”').waitFor();
    await page.getByText('The order of the rules changed.').waitFor();
    await page.getByText('Your changes were added to theirs and are not saved yet.').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    expect((await readRouting()).rules).toHaveLength(3);
    await page.getByRole('button', { name: 'Save routing' }).click();
    await expectSaved();
    const merged = (await readRouting()).rules;
    expect(merged.map(({ queue }) => queue.name)).toEqual([second?.queue.name, first?.queue.name]);
    expect(merged[1]?.keywords).toEqual(expect.arrayContaining([...(first?.keywords ?? []), 'mine', 'theirs']));
    // The session ended once, and the routing was another once.
    admin.expectNoComplaints([401, 409]);
  });

  it('shows what is in quarantine, as far as it could be read, and tries it again', async () => {
    const { page } = admin;
    // Too old to be captured by itself, so that nothing but the retry reads it.
    const { immutableId: graphId } = await simulator.call<{ immutableId: string }>(
      'POST',
      `/mailboxes/${ADDRESS}/messages?receivedDateTime=2020-01-01T00:00:00Z`,
      { subject: 'Damaged', text: 'Hello' },
    );
    const preview = { subject: 'Damaged', from: { address: 'jo@example.net' }, text: 'How it begins' };
    await parkMessages(stack.db, accountId, 'inbox', [{ graphId, reason: 'not-storable', code: '22P05', preview }]);
    const quarantine = page.getByRole('region', { name: 'Quarantine' });
    await quarantine.getByText('Damaged').waitFor();
    await quarantine.getByText('What is known of it').click();
    await quarantine.getByText('How it begins').waitFor();
    await quarantine.getByText('jo@example.net').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await quarantine.getByRole('button', { name: 'Try again' }).click();
    await quarantine.getByText('Every message could be captured.').waitFor({ timeout: 15_000 });
  });

  it('lists mail that is in no queue with the reason, routes it again, and says when it was deleted', async () => {
    const { page } = admin;
    const { version, rules } = await readRouting();
    const sent = rules.map(({ id, queueId, keywords }) => ({ id, queueId, keywords }));
    await stack.mailroom.put(`/email/accounts/${accountId}/routing`, { version, defaultQueueId: null, rules: sent });
    await simulator.deliver(ADDRESS, { subject: 'For no queue' });
    const unqueued = page.getByRole('region', { name: '1 message is in no queue' });
    await unqueued.getByText('the account has no default queue').waitFor({ timeout: 15_000 });
    const link = unqueued.getByRole('link', { name: 'For no queue' });
    const item = (await link.getAttribute('href')) ?? '';
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('combobox', { name: 'Default queue' }).click();
    await page.getByRole('option', { name: 'General' }).click();
    await page.getByRole('button', { name: 'Save routing' }).click();
    await expectSaved();
    await unqueued.getByRole('button', { name: 'Route again' }).click();
    await unqueued.waitFor({ state: 'detached' });
    await page.getByText('1 message that was in no queue was routed.').waitFor();

    await stack.db.deleteFrom('messages').where('subject', '=', 'For no queue').execute();
    await page.goto(`${stack.mailroom.url}${item}`);
    await page.getByText('This message was deleted from Mailroom on').waitFor();
    await admin.expectAccessible('light');
    await page.getByRole('link', { name: 'General' }).click();
    await page.getByRole('link', { name: '(message deleted)' }).waitFor();
    await page.goto(`${stack.mailroom.url}/config/email/accounts/${accountId}`);
    await page.getByRole('heading', { level: 1, name: ADDRESS }).waitFor();
  });

  it('goes back in its history as far as there is one', async () => {
    const { page } = admin;
    const path = `/email/accounts/${accountId}`;
    for (let round = 0; round < 11; round += 1) {
      await stack.mailroom.patch(path, { enabled: false });
      await stack.mailroom.patch(path, { enabled: true, resume: 'from-now' });
    }
    const history = page.getByRole('region', { name: 'History' });
    await history.getByRole('button', { name: 'Show more' }).click();
    await history.getByText('Added.').waitFor();
    await history.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
  });

  it('says below its header why it was not disabled, and keeps the focus where dialogs were opened', async () => {
    const { page } = admin;
    await page.route(`**/api/v1/email/accounts/${accountId}`, (route) =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 503, body: '' }) : route.fallback(),
    );
    const disable = page.getByRole('button', { name: 'Disable' });
    await disable.scrollIntoViewIfNeeded();
    const before = await disable.boundingBox();
    await disable.click();
    await page
      .getByText('so it is not known whether this was done')
      .or(page.getByText('this page is up to date'))
      .waitFor();
    await page.getByText('Mailroom is responding again, and this page is up to date.').waitFor();
    expect(await disable.boundingBox()).toEqual(before);
    await page.unrouteAll();
    for (const name of ['Remove', 'New queue …']) {
      const button = page.getByRole('button', { name, exact: true });
      await button.click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await expectFocus(button);
    }
  });

  it('has a heading while it loads, and when it cannot be loaded', async () => {
    const { page } = admin;
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    await page.route(`**/api/v1/email/accounts/${accountId}`, async (route) => {
      await answered;
      await route.fulfill({ status: 500, body: '' });
    });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Loading' }).waitFor();
    answer();
    await page.getByRole('heading', { level: 1, name: 'This page could not be loaded' }).waitFor();
    await admin.expectAccessible('light');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
  });

  it('fits a telephone', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 360, height: 800 });
    await admin.expectFits();
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});
