import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR, SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { enterSettings } from '../support/connect-account.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const EVA = 'eva@contoso.example';

/** From a person nobody knows to a connected mailbox, with one password in all: the provider's. */
describe('an administrator who comes by single sign-on', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let eva: Visitor;
  const url = (path: string) => `${stack.mailroom.url}${path}`;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await letUsersConsent(stack.simulatorUrl);
    await enterSettings(stack);
    const simulator = createSimulatorControl(stack.simulatorUrl);
    const initiateLoginUri = url('/auth/initiate');
    await simulator.call('PUT', `/apps/${SSO_CLIENT_ID}`, { initiateLoginUri, assignmentRequired: true });
    await simulator.call('POST', '/mailboxes', { address: EVA, displayName: 'Eva Evans' });
    [admin, eva] = await Promise.all([browser.visit(), browser.visit({ colorScheme: 'dark' })]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('is refused in words before an administrator has added her', async () => {
    const { page } = eva;
    await page.goto(`${stack.simulatorUrl}/myapps`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signInAtMicrosoft(page, EVA);
    await page.getByText('No app has been given to you yet').waitFor();
    await page.goto(url('/config/email/accounts'));
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText('AADSTS50105').first().waitFor();
  });

  it('is given the app by the administrator at the provider, and a security profile in Mailroom', async () => {
    const { page } = admin;
    await openSignedIn(page, url('/admin/users'), DEFAULT_ADMINISTRATOR);
    await page.goto(`${stack.simulatorUrl}/myapps/admin`);
    const app = page.getByRole('region', { name: 'Mailroom sign-on' });
    await app.getByLabel('Email address').fill(EVA);
    await app.getByRole('button', { name: 'Assign' }).click();
    await app.getByText(EVA).waitFor();

    await page.goto(url('/admin/users'));
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(EVA);
    await dialog.getByRole('radio', { name: 'Admin' }).check();
    await dialog.getByRole('button', { name: 'Add user' }).click();
    await page.getByRole('row').filter({ hasText: EVA }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(new RegExp(`^${stack.simulatorUrl}|/signed-out|/$`));
    await page.goto(url('/admin/users'));
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
  });

  it("opens Mailroom from the provider's dashboard, without another password", async () => {
    const { page } = eva;
    await page.goto(`${stack.simulatorUrl}/myapps`);
    await page.getByRole('link', { name: 'Mailroom sign-on' }).click();
    await page.waitForURL(url('/config/email/accounts'));
    await page.getByText('Connect the first mailbox').waitFor();
    await page.getByRole('region', { name: 'Your account' }).getByText('Eva Evans').waitFor();
    await eva.expectAccessible('dark');
  });

  it('asks the provider again before it saves how people sign in, and keeps what was entered', async () => {
    const { page } = eva;
    await page.goto(url('/admin/sign-in'));
    await page.getByLabel('Claim').fill('roles');
    await page.getByRole('button', { name: 'Add a value' }).click();
    await page.getByRole('textbox', { name: 'Value', exact: true }).fill('Mailroom.Admin');
    await page.getByLabel('Minutes that a sign-in counts as recent').fill('30');
    await eva.expectAccessible('dark');
    const save = async () => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByText('you lose the profile Admin at your next sign-in').waitFor();
      await page.getByRole('button', { name: 'Save all the same' }).click();
    };
    await save();
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Confirm who you are' }).click(),
    ]);
    await tab.getByLabel('Password').fill('her password');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByText('You have confirmed who you are').waitFor();
    await tab.close();
    expect(await page.getByRole('textbox', { name: 'Value', exact: true }).inputValue()).toBe('Mailroom.Admin');
    await save();
    await page.getByText('The settings of sign-ins are saved.').first().waitFor({ state: 'attached' });

    await page.getByLabel('Claim').fill('');
    await page.getByLabel('Minutes that a sign-in counts as recent').fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save', exact: true, disabled: true }).waitFor();
    await page.goto(url('/config/email/accounts'));
  });

  it('adds her mailbox and is asked for nothing but to approve', async () => {
    const { page } = eva;
    await page.getByRole('button', { name: 'Add account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(EVA);
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('button', { name: 'Continue to Microsoft' }).click(),
    ]);
    await tab.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await tab.getByLabel('Password').count()).toBe(0);
    await tab.getByRole('button', { name: 'Approve' }).click();
    await tab.getByText('You may close this tab').waitFor();
    await tab.close();
    await dialog.getByText(`${EVA} is connected`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const row = page.getByRole('row').filter({ hasText: EVA });
    await row.getByText('Authenticated').waitFor();
    await page.reload();
    await row.getByText('Authenticated').waitFor();
    await eva.expectAccessible('dark');
  });

  it('goes on from the page of every refusal, by each of its buttons', async () => {
    const { page } = eva;
    const simulator = createSimulatorControl(stack.simulatorUrl);
    /** Begins a sign-in, and comes back from the provider with something else than it gave. */
    const comeBackWith = async (answer: string) => {
      const began = await page.request.get(url('/auth/sign-in'), { maxRedirects: 0 });
      const state = new URL(began.headers().location ?? '').searchParams.get('state');
      await page.goto(url(`/auth/callback?state=${state}&${answer}`));
    };
    const pages: readonly [string, () => Promise<unknown>][] = [
      ['The identity provider refused the sign-in', () => comeBackWith('error=access_denied')],
      ['The sign-in took too long', () => comeBackWith('code=nobody-has-issued-this')],
      [
        'The answer of the identity provider cannot be used',
        () => comeBackWith('code=x&iss=https://elsewhere.example'),
      ],
      [
        'This address belongs to another identity',
        async () => {
          await stack.db.updateTable('users').set({ subject: 'another person' }).where('email', '=', EVA).execute();
          await page.goto(url('/auth/sign-in'));
        },
      ],
      ['Another identity provider sent you', () => page.goto(url('/auth/initiate?iss=https://elsewhere.example'))],
      ['This sign-in is not known', () => page.goto(url('/auth/callback?state=unknown&code=x'))],
      [
        'Your user is disabled',
        async () => {
          await stack.db.updateTable('users').set({ enabled: false, subject: null }).where('email', '=', EVA).execute();
          await page.goto(url('/auth/sign-in'));
        },
      ],
      [
        'You are not a user of Mailroom yet',
        async () => {
          await stack.db.deleteFrom('users').where('email', '=', EVA).execute();
          await page.goto(url('/auth/sign-in'));
        },
      ],
      [
        'The identity provider refuses Mailroom',
        async () => {
          await simulator.call('POST', `/apps/${SSO_CLIENT_ID}/secrets/expire`, {});
          await page.goto(url('/auth/sign-in'));
        },
      ],
    ];
    let pressed = 0;
    for (const [title, open] of pages) {
      for (const button of ['Sign in again', 'Use another account']) {
        await open();
        await page.getByRole('heading', { name: title }).waitFor();
        const link = page.getByRole('link', { name: button });
        if ((await link.count()) === 0) continue;
        const led = page.waitForRequest((request) => request.url().startsWith(`${stack.simulatorUrl}/`));
        await link.click();
        expect((await led).url()).toContain('/authorize?');
        pressed += 1;
        await page.waitForLoadState();
      }
    }
    // The pages of 403 have two buttons.
    expect(pressed).toBe(13);
    await simulator.signIn({ mode: 'interactive' });
  });

  it('has seen no error and no violation of the policy in any page of Mailroom', () => {
    admin.expectNoComplaints();
    // The provider refused her once, before she was given the app; the page of sign-ins asked before it saved.
    eva.expectNoComplaints([400, 403, 409, 503]);
  });
});
