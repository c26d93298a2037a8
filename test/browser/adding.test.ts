import axe, { type AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { withoutBreaks } from '../../web/unbroken-words.ts';
import { enterSettings } from '../support/connect-account.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { expectUnmoved, startBrowser, type Visitor } from './start-browser.ts';

/** Everything that can happen to a sign-in, and the next step that the dialog offers. */
describe('adding an account', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  const dialog = () => admin.page.getByRole('dialog');
  const row = (address: string) => admin.page.getByRole('row').filter({ hasText: address });

  async function enter(address: string): Promise<void> {
    await admin.page.getByRole('button', { name: 'Add account' }).first().click();
    await dialog().getByLabel('E-mail address').fill(address);
  }
  /** Does something that opens a tab; the tab. */
  async function tabOf(act: () => Promise<void>) {
    const [tab] = await Promise.all([admin.page.context().waitForEvent('page'), act()]);
    return tab;
  }
  const goOn = () => dialog().getByRole('button', { name: 'Continue to Microsoft' }).click();

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await letUsersConsent(stack.simulatorUrl);
    await enterSettings(stack);
    await createSimulatorControl(stack.simulatorUrl).signIn({ mode: 'interactive' });
    admin = await browser.visit();
    await openSignedIn(admin.page, `${stack.mailroom.url}/config/email/accounts`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('goes on by a link where the browser opens no tab by itself', async () => {
    const { page } = admin;
    await page.evaluate('window.opens = window.open; window.open = () => null');
    await enter('blocked@contoso.example');
    await goOn();
    await dialog().getByText('The browser did not open a new tab.').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    const link = dialog().getByRole('link', { name: 'Open the sign-in page' });
    expect(await link.getAttribute('target')).toBe('_blank');
    // Still blocked: the link needs no script.
    const tab = await tabOf(() => link.click());
    await page.evaluate('window.open = window.opens');
    expect(await tab.evaluate('window.opener')).toBeNull();
    await dialog().getByText('Waiting for the sign-in').waitFor();
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, 'blocked@contoso.example');
    await tab.getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText('blocked@contoso.example is connected').waitFor();
    await tab.getByText('You may close this tab').waitFor();
    await tab.close();
  });

  it('says that the permissions were declined, and starts again', async () => {
    await dialog().getByRole('button', { name: 'Add another account' }).click();
    await dialog().getByLabel('E-mail address').fill('declined@contoso.example');
    const tab = await tabOf(goOn);
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, 'declined@contoso.example');
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await dialog().getByText('The request for permissions was declined, so nothing was connected.').waitFor();
    await admin.expectAccessible('light');
    // In the dialog, given up again; then in the tab itself.
    const again = await tabOf(() => dialog().getByRole('button', { name: 'Start again' }).click());
    await again.getByRole('button', { name: 'Cancel' }).click();
    await again.getByRole('button', { name: 'Start again' }).waitFor();
    await again.close();
    await tab.getByRole('button', { name: 'Start again' }).click();
    await tab.getByRole('button', { name: 'Approve' }).click();
    await tab.getByText('You may close this tab').waitFor();
    await dialog().getByText('declined@contoso.example is connected').waitFor();
    await tab.close();
  });

  it('tells which account signed in instead, and connects neither', async () => {
    await dialog().getByRole('button', { name: 'Add another account' }).click();
    await dialog().getByLabel('E-mail address').fill('expected@contoso.example');
    const tab = await tabOf(goOn);
    await tab.getByText('declined@contoso.example').first().click();
    await dialog().getByText('declined@contoso.example signed in, and not expected@contoso.example').waitFor();
    await tab.close();
    await dialog().getByRole('button', { name: 'Finish later' }).click();
    await row('expected@contoso.example').getByText('Waiting for sign-in').waitFor();
  });

  it('goes on with a sign-in that was left for later', async () => {
    await row('expected@contoso.example').getByRole('button', { name: 'Sign in' }).click();
    await admin.expectAccessible('dark');
    const tab = await tabOf(goOn);
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, 'expected@contoso.example');
    await tab.getByRole('button', { name: 'Approve' }).click();
    await dialog().getByText('expected@contoso.example is connected').waitFor();
    await tab.close();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await row('expected@contoso.example').getByText('Authenticated').waitFor();
  });

  it('goes on from the page of whatever went wrong, by each of its buttons', async () => {
    const { page } = admin;
    const callback = `${stack.mailroom.url}/api/v1/email/sign-in/callback`;
    const add = (address: string) =>
      stack.mailroom.post<{ id: string; signInUrl: string }>('/email/accounts', { address });
    const tab = await page.context().newPage();
    const stateOf = async ({ signInUrl }: { signInUrl: string }) => {
      await tab.goto(signInUrl);
      await tab.getByRole('button', { name: 'Connect', exact: true }).click();
      await tab.waitForURL((to) => to.origin === stack.simulatorUrl);
      return new URL(tab.url()).searchParams.get('state');
    };
    const expectBack = async () => {
      await tab.getByRole('link', { name: 'Back to Mailroom' }).click();
      await tab.getByRole('heading', { name: 'Email' }).waitFor();
      await tab.goBack();
    };
    const expectAgain = async () => {
      await tab.getByRole('button', { name: 'Start again' }).click();
      await tab.waitForURL((to) => to.origin === stack.simulatorUrl);
    };

    for (const [name, query] of [
      ['admin-refused', 'error=access_denied&error_description=AADSTS65004'],
      ['policy', 'error=access_denied&error_description=AADSTS53003%3A%20Blocked.'],
      ['settings', 'error=unauthorized_client&error_description=AADSTS700016%3A%20Unknown.'],
      ['down', 'error=temporarily_unavailable'],
      ['bad-code', 'code=nobody-has-issued-this'],
    ]) {
      const state = await stateOf(await add(`${name}@contoso.example`));
      await tab.goto(`${callback}?state=${state}&${query}`);
      await expectBack();
      await tab.goto(`${callback}?state=${state}&${query}`);
      await tab.getByText('This link was used already').waitFor();
      await expectAgain();
    }
    const late = await add('late@contoso.example');
    const stateOfLate = await stateOf(late);
    await stack.db
      .updateTable('signIns')
      .set({ expiresAt: new Date(0) })
      .where('accountId', '=', late.id)
      .execute();
    await tab.goto(`${callback}?state=${stateOfLate}&code=x`);
    await tab.getByText('This link has expired').waitFor();
    await expectAgain();
    await tab.goto(`${callback}?state=nobody-knows-this&code=x`);
    await tab.getByText('This sign-in is not known').waitFor();
    await expectBack();
    await tab.goto(`${callback}?state=admin-consent&error=access_denied`);
    await expectBack();
    await tab.close();
  });

  it("asks the mailbox's owner on a telephone, and connects without a script", async () => {
    const { signInUrl } = await stack.mailroom.post<{ signInUrl: string }>('/email/accounts', {
      address: 'a-mailbox-with-quite-a-long-address@contoso.example',
      backfillDays: 1,
    });
    const looks = { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 800 } } as const;
    const reader = await browser.visit(looks);
    await reader.page.goto(signInUrl);
    await reader.expectFits();
    await reader.page.evaluate(axe.source);
    const { violations } = await reader.page.evaluate<AxeResults>('axe.run(document)');
    expect(violations.map(({ id }) => id)).toEqual([]);
    reader.expectNoComplaints();
    await reader.close();

    const { page, close } = await browser.visit({ ...looks, javaScriptEnabled: false });
    await page.goto(signInUrl);
    await page.getByRole('button', { name: 'Verbinden' }).click();
    await page.waitForURL((to) => to.origin === stack.simulatorUrl);
    await close();
  });

  it('names what is wrong with an address', async () => {
    await enter('nobody');
    await admin.page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', 'Front desk <desk@contoso.example>');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }`);
    expect(await dialog().getByLabel('E-mail address').inputValue()).toBe('desk@contoso.example');
    await dialog().getByLabel('E-mail address').fill('nobody');
    const button = dialog().getByRole('button', { name: 'Continue to Microsoft' });
    const wrong = dialog().getByText('Enter an address such as info@example.com.');
    await expectUnmoved(button, async () => {
      await goOn();
      await wrong.waitFor();
      await dialog().getByLabel('E-mail address').fill('nobody@contoso');
      await wrong.waitFor({ state: 'detached' });
      await goOn();
      await wrong.waitFor();
      await dialog().getByLabel('Also route mail of the last days').fill('9999');
      await goOn();
    });
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await admin.page.getByLabel('Language').selectOption('de');
    await admin.page.getByRole('button', { name: 'Konto hinzufügen' }).click();
    await dialog().getByRole('button', { name: 'Weiter zu Microsoft' }).click();
    await dialog().getByText('Bitte ausfüllen.').waitFor();
    await dialog().getByLabel(withoutBreaks('E-Mail-Adresse')).fill('nobody@contoso');
    await dialog().getByRole('button', { name: 'Weiter zu Microsoft' }).click();
    await dialog().getByText('Geben Sie eine Adresse wie info@example.com ein.').waitFor();
    // Refused on purpose: declined, another account, and no address.
    admin.expectNoComplaints([400, 403, 410, 422, 503]);
  });
});
