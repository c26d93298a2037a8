import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { enterSettings } from '../support/connect-account.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const TEAM = 'team@contoso.example';
const ANNA = 'anna@contoso.example';

/** A mailbox that somebody else signs in for, from its first refusal to its mail. */
describe('a shared mailbox', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let simulator: ReturnType<typeof createSimulatorControl>;
  const dialog = () => admin.page.getByRole('dialog');
  const row = () => admin.page.getByRole('row').filter({ hasText: TEAM });
  async function tabOf(button: string) {
    const press = () => dialog().getByRole('button', { name: button }).click();
    const [tab] = await Promise.all([admin.page.context().waitForEvent('page'), press()]);
    return tab;
  }

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await letUsersConsent(stack.simulatorUrl);
    await enterSettings(stack);
    simulator = createSimulatorControl(stack.simulatorUrl);
    await simulator.signIn({ mode: 'interactive' });
    await simulator.call('POST', '/mailboxes', { address: TEAM, shared: true });
    admin = await browser.visit();
    await openSignedIn(admin.page, `${stack.mailroom.url}/config/email/accounts`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('has its permission among those to grant, with when it is needed', async () => {
    await admin.page.getByRole('link', { name: 'Global properties' }).click();
    await admin.page.getByText('Mail.Read.Shared').waitFor();
    await admin.page.getByText('To read shared mailboxes. Requested only').waitFor();
    await admin.page.getByRole('link', { name: 'Accounts' }).click();
  });

  it('asks who signs in, and proposes who adds it', async () => {
    await admin.page.getByRole('button', { name: 'Add account' }).click();
    await dialog().getByLabel('E-mail address').fill('team@fabrikam.example');
    expect(await dialog().getByLabel('Who signs in').count()).toBe(0);
    await dialog().getByRole('checkbox', { name: 'This is a shared mailbox' }).check();
    const who = dialog().getByLabel('Who signs in');
    expect(await who.inputValue()).toBe('');
    await dialog().getByLabel('E-mail address').fill(TEAM);
    expect(await who.inputValue()).toBe(DEFAULT_ADMINISTRATOR);
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await who.fill('anna@contoso');
    await dialog().getByRole('button', { name: 'Continue to Microsoft' }).click();
    await dialog().getByText('Enter an address such as').waitFor();
    await who.fill(ANNA);
  });

  it('is not connected by another person, and the dialog says who has to sign in', async () => {
    const tab = await tabOf('Continue to Microsoft');
    await dialog().getByText(`Sign in as ${ANNA} in the tab that has opened.`).waitFor();
    await tab.getByText(DEFAULT_ADMINISTRATOR).first().click();
    await tab.getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText(`${DEFAULT_ADMINISTRATOR} signed in, and not ${ANNA}, so nothing was stored.`).waitFor();
    await tab.close();
  });

  it('is not connected while that person has no access, and the dialog says what gives it', async () => {
    const tab = await tabOf('Start again');
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, ANNA);
    await tab.getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText(`${ANNA} signed in, but may not read the shared mailbox ${TEAM}`).waitFor();
    await dialog().getByText('full access').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await tab.close();
    await dialog().getByRole('button', { name: 'Finish later' }).click();
    await row().getByText('Waiting for sign-in').waitFor();
    await row().getByText(`${ANNA} signs in`).waitFor();
  });

  it('is connected once she has access, and polled, with the reason', async () => {
    await simulator.call('PUT', `/mailboxes/${TEAM}/delegates/${ANNA}`);
    await row().getByRole('button', { name: 'Sign in' }).click();
    await dialog().getByText(`Sign in as ${ANNA}`).waitFor();
    const tab = await tabOf('Continue to Microsoft');
    await tab.getByText(ANNA).first().click();
    await dialog().getByText(`${TEAM} is connected`).waitFor();
    await tab.close();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await row().getByText('Authenticated').waitFor();
    await row().getByTitle('Polled: Microsoft sends no notifications for shared mailboxes.').waitFor();
    await simulator.deliver(TEAM, { subject: 'For the team' });
    await row().getByRole('cell', { name: '1', exact: true }).first().waitFor({ timeout: 20_000 });
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await row().getByRole('link', { name: TEAM }).click();
    const overview = admin.page.getByRole('region', { name: 'Overview' });
    await overview.getByText(`${ANNA} signs in`).waitFor();
    expect(await overview.locator('dt:text-is("Signed in as") + dd').innerText()).toBe(ANNA);
    await overview.getByText('Polled: Microsoft sends no notifications for shared mailboxes.').waitFor();
    await admin.expectAccessible('light');
  });

  it('offers to sign in once Microsoft has refused the access for an hour, and not before', async () => {
    await simulator.addFault({ kind: 'token-refused', mailbox: TEAM });
    await admin.page.getByText('HTTP 401').waitFor({ timeout: 20_000 });
    const offer = admin.page.getByRole('button', { name: 'Sign in', exact: true });
    expect(await offer.count()).toBe(0);
    expect(await admin.page.getByText('may help').count()).toBe(0);
    const conditionSince = new Date(Date.now() - 2 * 3_600_000);
    await stack.db.updateTable('accounts').set({ conditionSince }).where('address', '=', TEAM).execute();
    await admin.page.getByText('Signing in again may help').first().waitFor();
    await offer.click();
    await dialog().getByText(`Sign in as ${ANNA}`).waitFor();
    await admin.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await simulator.clearFaults();
    // Asked again after minutes by now; at once when somebody rings.
    await stack.db
      .updateTable('watches')
      .set({ dueAt: new Date(0), notBefore: new Date(0) })
      .execute();
    await admin.page.getByText('HTTP 401').waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('waits for a sign-in when the access is taken away, and says why', async () => {
    await simulator.call('DELETE', `/mailboxes/${TEAM}/delegates/${ANNA}`);
    const why = 'the person who signed in has no access to this shared mailbox';
    await admin.page.getByText(why).first().waitFor({ timeout: 20_000 });
    await admin.page.getByText('HTTP 404').waitFor();
    // It is believed after minutes.
    await stack.db
      .updateTable('accounts')
      .set({ conditionSince: new Date(Date.now() - 3_600_000), conditionAttempts: 10 })
      .where('address', '=', TEAM)
      .execute();
    await admin.page.setViewportSize({ width: 360, height: 800 });
    await admin.expectFits();
    await admin.page.getByRole('link', { name: 'All accounts' }).click();
    // Asked again after five seconds, and read again within five more.
    await row().getByText('Sign-in needed').waitFor({ timeout: 20_000 });
    await admin.expectFits();
  });

  it('goes on when another person signs in for it', async () => {
    const bob = 'bob@contoso.example';
    await admin.page.setViewportSize({ width: 1280, height: 900 });
    await simulator.call('PUT', `/mailboxes/${TEAM}/delegates/${bob}`);
    await row().getByRole('button', { name: 'Sign in' }).click();
    const who = dialog().getByLabel('Who signs in');
    expect(await who.inputValue()).toBe(ANNA);
    await admin.expectAccessible('light');
    await who.fill(TEAM);
    await tabOf('Continue to Microsoft').then((tab) => tab.close().catch(() => {}));
    await dialog().getByText('cannot sign in here').waitFor();
    await who.fill(bob);
    const tab = await tabOf('Continue to Microsoft');
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, bob);
    await tab.getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText(`${TEAM} is connected`).waitFor();
    await tab.close();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await row().getByText(`${bob} signs in`).waitFor();
    await row().getByRole('link', { name: TEAM }).click();
    await admin.page.getByRole('button', { name: 'Change sign-in' }).waitFor();
    await admin.page.getByText(`Signed in as ${bob}`).first().waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    // Refused on purpose: no address, somebody else, no access, and the mailbox for itself.
    admin.expectNoComplaints([403, 422]);
  });
});
