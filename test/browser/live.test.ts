import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn } from './sign-in.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'service@contoso.example';
const AGENT = 'ann@contoso.example';
/** Far below the interval at which pages ask by themselves while changes are told (15 s and more). */
const AT_ONCE = { timeout: 3_000 };

/** Two people look at the same Mailroom. */
describe('what somebody else changes', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let agent: Visitor;
  let accountId: string;
  let queueId: string;
  let simulator: ReturnType<typeof createSimulatorControl>;
  const url = (path: string) => `${stack.mailroom.url}${path}`;
  const row = (visitor: Visitor, text: string) => visitor.page.getByRole('row').filter({ hasText: text });

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack({ BACKSTOP_INTERVAL_SECONDS: '1' }), startBrowser()]);
    await enterSettings(stack);
    ({ id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' }));
    accountId = await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    await stack.mailroom.post('/users', { email: AGENT, profile: 'Agent' });
    simulator = createSimulatorControl(stack.simulatorUrl);
    await simulator.signIn({ mode: 'interactive' });
    [admin, agent] = await Promise.all([browser.visit(), browser.visit({ colorScheme: 'dark' })]);
    await openSignedIn(admin.page, url('/config/email/accounts'), DEFAULT_ADMINISTRATOR);
    await openSignedIn(agent.page, url('/queues'), AGENT);
    await row(agent, 'Desk').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('is seen without a reload: new mail, in the queue and in the list of accounts', async () => {
    await simulator.deliver(ADDRESS, { subject: 'Hello' });
    const waiting = (visitor: Visitor, name: string) =>
      row(visitor, name).getByRole('cell', { name: '1', exact: true });
    await waiting(agent, 'Desk').first().waitFor();
    await waiting(admin, ADDRESS).first().waitFor(AT_ONCE);
  });

  it('is seen without a reload: another state, another queue', async () => {
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: false });
    await row(admin, ADDRESS).getByText('Disabled').waitFor(AT_ONCE);
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: true });
    await row(admin, ADDRESS).getByText('Authenticated').waitFor(AT_ONCE);
    await stack.mailroom.post('/queues', { name: 'Billing' });
    await row(agent, 'Billing').waitFor(AT_ONCE);
  });

  it('is offered at once to who is available, and accepted or declined by one key, with the load on the board', async () => {
    const { page } = agent;
    const setOffers = (offers: object | null) => stack.mailroom.patch(`/queues/${queueId}`, { offers });
    const availability = page.getByRole('complementary').getByRole('combobox', { name: 'Availability' });
    const panel = page.getByRole('region', { name: 'Offered to you' });
    expect(await availability.count()).toBe(0);
    await setOffers({ timeoutSeconds: 120 });
    await availability.waitFor(AT_ONCE);
    await availability.selectOption('Available');
    await panel.getByText('Hello').waitFor(AT_ONCE);
    expect(await page.title()).toMatch(/^● Offer · /);
    await page.getByRole('alert').filter({ hasText: 'Offered to you: Hello, from' }).waitFor({ state: 'attached' });
    await agent.expectAccessible('dark');
    await page.locator('main').focus();
    await page.keyboard.press('?');
    await page.getByRole('row', { name: '- Decline what is offered to you' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('-');
    await panel.waitFor({ state: 'detached', ...AT_ONCE });
    expect(await page.title()).not.toContain('Offer');

    await simulator.deliver(ADDRESS, { subject: 'Offered in a narrow window' });
    await page.setViewportSize({ width: 360, height: 800 });
    await panel.getByText('Offered in a narrow window').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await agent.expectAccessible('dark');
    await page.keyboard.press('+');
    await page.waitForURL(/items/);
    await page.getByRole('button', { name: 'Complete', exact: true }).waitFor();
    await page.setViewportSize({ width: 1_280, height: 800 });

    await admin.page.goto(url('/board'));
    await row(admin, AGENT).getByText('Available').waitFor();
    await row(admin, AGENT).getByRole('cell', { name: '1 of 3' }).waitFor();
    await admin.expectAccessible('light');
    await admin.page.goto(url('/config/email/accounts'));
    await setOffers(null);
    await availability.waitFor({ state: 'detached', ...AT_ONCE });
    await page.goto(url('/queues'));
  });

  it('is seen without a reload: until when Microsoft asked to wait', async () => {
    await simulator.addFault({ kind: 'throttle', mailbox: ADDRESS, retryAfterSeconds: 30 });
    await row(admin, ADDRESS)
      .getByText(/^Throttled until \d\d:\d\d:\d\d$/)
      .waitFor();
    await row(admin, ADDRESS).getByRole('link', { name: ADDRESS }).click();
    await admin.page.getByText('Microsoft asked Mailroom to wait until').waitFor();
    await admin.expectAccessible('light');
    await simulator.clearFaults();
  });

  it('gives and takes pages with the security profile', async () => {
    const { users } = await stack.mailroom.get<{ users: { id: string; email: string }[] }>('/users');
    const id = users.find(({ email }) => email === AGENT)?.id;
    await stack.mailroom.patch(`/users/${id}`, { profile: 'Supervisor' });
    await agent.page.getByRole('link', { name: 'Email' }).waitFor(AT_ONCE);
    await stack.mailroom.patch(`/users/${id}`, { profile: 'Agent' });
    await agent.page.getByRole('link', { name: 'Email' }).waitFor({ state: 'detached', ...AT_ONCE });
  });

  it('counts what came while an account was disabled', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    for (const subject of ['One', 'Two', 'Three']) await simulator.deliver(ADDRESS, { subject });
    await page.getByRole('button', { name: 'Enable' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Catch up (3 messages arrived)').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await dialog.getByRole('button', { name: 'Enable' }).click();
    await page.getByText(`${ADDRESS} is enabled.`).waitFor();
    await agent.page.goto(url('/queues'));
    await row(agent, 'Desk').getByRole('cell', { name: '4', exact: true }).waitFor();
  });

  it('is still seen where no stream comes through, a little later', async () => {
    const other = await browser.visit();
    await other.page.route('**/api/v1/changes', (route) => route.abort());
    await openSignedIn(other.page, url('/queues'), DEFAULT_ADMINISTRATOR);
    await row(other, 'Billing').waitFor();
    await stack.mailroom.post('/queues', { name: 'Returns' });
    await row(other, 'Returns').waitFor();
    await other.close();
  });

  it('says of an account that somebody else removed meanwhile that it is removed', async () => {
    const { page } = admin;
    const { id } = await stack.mailroom.post<{ id: string }>('/email/accounts', { address: 'gone@contoso.example' });
    await page.goto(url('/config/email/accounts'));
    await page.getByRole('checkbox', { name: 'gone@contoso.example' }).check();
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove account' }).waitFor();
    await stack.mailroom.delete(`/email/accounts/${id}`);
    await row(admin, 'gone@contoso.example').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Remove account' }).click();
    await dialog.getByText('already removed by someone else').waitFor();
    await dialog.getByText('Finished: 1 of 1 done').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Clear selection' }).waitFor({ state: 'detached' });
  });

  it('names the accounts that could not be removed, and tries them again', async () => {
    const { page } = admin;
    await stack.mailroom.post('/email/accounts', { address: 'second@contoso.example' });
    await page.goto(url('/config/email/accounts'));
    await row(admin, 'second@contoso.example').waitFor();
    await stack.stopWorkers('SIGTERM');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove 2 accounts' }).click();
    const other = await browser.visit();
    await openSignedIn(other.page, url('/config/email/accounts'), DEFAULT_ADMINISTRATOR);
    await row(other, ADDRESS).getByText('Removing').waitFor();
    await other.close();
    await dialog.getByText('Finished: 0 of 2 done').waitFor({ timeout: 20_000 });
    expect(await dialog.getByText('not removed:').count()).toBe(2);
    await admin.expectAccessible('light');
    await stack.startWorker();
    const again = dialog.getByRole('button', { name: 'Retry the failed ones' });
    await again.click();
    await dialog.getByText('Finished: 2 of 2 done').waitFor({ timeout: 20_000 });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Connect the first mailbox').waitFor();
    admin.expectNoComplaints([404, 503]);
    agent.expectNoComplaints();
  });
});
