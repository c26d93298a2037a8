import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordSettingsFault } from '../../database/accounts/settings.ts';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { expectFocus, expectUnmoved, startBrowser, type Visitor } from './start-browser.ts';

const SUPPORT = 'support@contoso.example';

/** Runs in the page: how much of each table is out of sight. */
const HIDDEN_PIXELS = `[...document.querySelectorAll('.table-scroll')].map((room) => room.scrollWidth - room.clientWidth)`;

/** One administrator's morning, step by step on one stack: each step begins where the one before ended. */
describe('Config > Email', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  const url = (path: string) => `${stack.mailroom.url}${path}`;
  const row = (address: string) => admin.page.getByRole('row').filter({ hasText: address });

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await letUsersConsent(stack.simulatorUrl);
    admin = await browser.visit();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('asks to sign in with one button, and returns to the address that was opened', async () => {
    const { page } = admin;
    await page.goto(url('/config/email/accounts?sort=waiting'));
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await openSignedIn(page, url('/config/email/accounts?sort=waiting'), DEFAULT_ADMINISTRATOR);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Email');
  });

  it('leads to the global properties first, and says in words what is wrong with them', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'To the global properties' }).click();
    await page.getByLabel('Tenant ID').fill(DEFAULT_TENANT_ID);
    await page.getByLabel('Client ID').fill(MAILROOM_CLIENT_ID);
    await page.getByLabel('Client Secret').fill('not the secret');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Microsoft does not accept these values.').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Nothing was saved. The previous values still apply.').waitFor();
    await page.getByRole('button', { name: 'Save anyway' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('saves what does not work only when that is wanted, and says on every page that nothing flows', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Save anyway' }).click();
    await page.getByText('The global properties are saved.').waitFor();
    await recordSettingsFault(stack.db, { reason: 'secret-wrong', code: 'AADSTS7000215' });
    const fault = page.getByText('Microsoft refuses the global properties, so no mailbox is read.');
    await fault.waitFor({ timeout: 20_000 });
    await page.getByRole('link', { name: 'Queues' }).click();
    await fault.waitFor();
    await admin.expectAccessible('light');
    await page.getByRole('link', { name: 'To the global properties' }).click();
    await page.getByLabel('Client Secret').waitFor();
  });

  it('keeps the secret to itself once it is saved', async () => {
    const { page } = admin;
    await page.getByLabel('Client Secret').fill(MAILROOM_CLIENT_SECRET);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The global properties are saved.').waitFor();
    await page.getByText(`ends with ${MAILROOM_CLIENT_SECRET.slice(-4)}`).waitFor();
    expect(await page.getByLabel('Client Secret').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Microsoft accepts these values.').waitFor();
  });

  it('makes a certificate, whose key stays, and lets it take the place of the secret and give way to it', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Make a certificate' }).click();
    const download = page.getByRole('link', { name: /^Download the certificate/ });
    const pem = decodeURIComponent((await download.getAttribute('href'))?.split(',')[1] ?? '');
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await page.getByLabel('Mailroom proves itself by').selectOption({ index: 1 });
    await save.click();
    await page.getByText('Microsoft does not accept the certificate.').waitFor();
    const { call } = createSimulatorControl(stack.simulatorUrl);
    await call('POST', `/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem });
    await save.click();
    await page.getByText('In use', { exact: true }).waitFor();
    expect(await page.getByLabel('Client Secret').count()).toBe(0);
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');

    await page.getByLabel('Mailroom proves itself by').selectOption({ index: 0 });
    await page.getByLabel('Client Secret').fill(MAILROOM_CLIENT_SECRET);
    await save.click();
    await page.getByText(`ends with ${MAILROOM_CLIENT_SECRET.slice(-4)}`).waitFor();
    await page.getByRole('button', { name: /^Delete the certificate/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await download.waitFor({ state: 'detached' });
  });

  it('wants the secret along with other IDs, and asks before they are left unsaved', async () => {
    const { page } = admin;
    await page.getByLabel('Client ID').fill(DEFAULT_TENANT_ID);
    await page.getByText('Enter the secret again to check or save other IDs.').waitFor();
    const check = page.getByRole('button', { name: 'Check' });
    await expectUnmoved(check, async () => {
      await check.click();
      await expectFocus(page.getByLabel('Client Secret'));
      await page.getByText('Must be filled in.').waitFor();
    });
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByRole('dialog').getByText('The global properties are not saved.').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.getByLabel('Client ID').fill(MAILROOM_CLIENT_ID);
    await page.getByText(`ends with ${MAILROOM_CLIENT_SECRET.slice(-4)}`).waitFor();
  });

  it('shows who saved other properties in between, and takes either by choice', async () => {
    const { page } = admin;
    const other = '11111111-2222-4333-8444-555555555555';
    const secret = { clientSecret: MAILROOM_CLIENT_SECRET };
    const saveElsewhere = async (clientId: string) => {
      const { version } = await stack.mailroom.get<{ version: number }>('/email/settings');
      const body = { tenantId: DEFAULT_TENANT_ID, clientId, ...secret, version, force: true };
      await stack.mailroom.put('/email/settings', body);
    };
    const conflict = page.getByText(/has saved other values/);
    const save = async (clientId: string) => {
      await page.getByLabel('Client ID').fill(clientId);
      await page.getByLabel('Client Secret').fill(MAILROOM_CLIENT_SECRET);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await conflict.waitFor();
    };
    await page.getByLabel('Client Secret').fill('typed before');
    await saveElsewhere(other);
    await save(DEFAULT_TENANT_ID);
    await page.getByText(`Client ID: ${other}`).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Show theirs' }).click();
    await conflict.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Client ID').inputValue()).toBe(other);
    expect(await page.getByLabel('Client Secret').inputValue()).toBe('');

    await page.getByLabel('Client Secret').fill('typed before');
    await saveElsewhere(DEFAULT_TENANT_ID);
    await save(MAILROOM_CLIENT_ID);
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await conflict.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Client ID').inputValue()).toBe(MAILROOM_CLIENT_ID);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The global properties are saved.').waitFor();
    const saved = async () => (await stack.mailroom.get<{ clientId: string }>('/email/settings')).clientId;
    await expect.poll(saved, { timeout: 8_000 }).toBe(MAILROOM_CLIENT_ID);
  });

  it('follows the sign-in in the new tab, and lists the account as authenticated', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByRole('button', { name: 'Add account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(SUPPORT);
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('button', { name: 'Continue to Microsoft' }).click(),
    ]);
    await dialog.getByText('Waiting for the sign-in').waitFor();
    await tab.getByRole('button', { name: 'Use another account' }).click();
    await signInAtMicrosoft(tab, SUPPORT);
    await tab.getByRole('button', { name: 'Approve' }).click();
    await tab.getByText('You may close this tab').waitFor();
    await dialog.getByText(`${SUPPORT} is connected`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row(SUPPORT).getByText('Authenticated').waitFor();
    await tab.close();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('says what to do when the tab is closed half-way, and when another account signs in', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Add account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill('sales@contoso.example');
    const [first] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('button', { name: 'Continue to Microsoft' }).click(),
    ]);
    await first.waitForURL(/authorize/);
    await first.close();
    await dialog.getByText('The sign-in tab was closed before the sign-in was finished.').waitFor();
    expect(await dialog.getByText('Waiting for the sign-in').count()).toBe(0);
    await createSimulatorControl(stack.simulatorUrl).signIn({ mode: 'auto', as: SUPPORT });
    const [second] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('link', { name: 'Open it again' }).click(),
    ]);
    await dialog.getByText(`${SUPPORT} signed in, and not sales@contoso.example`).waitFor();
    await second.close();
    await createSimulatorControl(stack.simulatorUrl).signIn({ mode: 'interactive' });
    await dialog.getByRole('button', { name: 'Finish later' }).click();
    await row('sales@contoso.example').getByText('Waiting for sign-in').waitFor();
  });

  it('names the account that is connected already', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Add account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(SUPPORT);
    await dialog.getByRole('button', { name: 'Continue to Microsoft' }).click();
    await dialog.getByText('This mailbox is connected already.').waitFor();
    await dialog.getByLabel('E-mail address').fill(`x${SUPPORT}`);
    await dialog.getByText('This mailbox is connected already.').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expectFocus(page.getByRole('button', { name: 'Add account' }));
  });

  it('disables by the toggle, and asks what becomes of the mail when it is enabled again', async () => {
    const { page } = admin;
    const toggle = page.getByRole('switch', { name: `Route the mail of ${SUPPORT}` });
    await toggle.focus();
    await page.keyboard.press('Space');
    await row(SUPPORT).getByText('Disabled').waitFor();
    await page.getByText(`${SUPPORT} is disabled`).waitFor();
    await createSimulatorControl(stack.simulatorUrl).addFault({ kind: 'unknown-count', mailbox: SUPPORT });
    const countIn = Promise.withResolvers<void>();
    await page.route('**/missed', async (route) => {
      await countIn.promise;
      await route.fallback();
    });
    await toggle.focus();
    await page.keyboard.press('Space');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('(counting …)').waitFor();
    await expectUnmoved(dialog.getByRole('button', { name: 'Enable' }), async () => {
      countIn.resolve();
      await dialog.getByText('(counting …)').waitFor({ state: 'detached' });
      await dialog
        .getByText('The number of messages is not available at the moment.')
        .filter({ visible: true })
        .waitFor();
    });
    expect(await dialog.getByText(/Catch up: /).count()).toBe(0);
    await dialog.getByLabel('From now on').check();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await dialog.getByRole('button', { name: 'Enable' }).click();
    await row(SUPPORT).getByText('Authenticated').waitFor();
  });

  it('asks nothing about mail before a sign-in', async () => {
    const { page } = admin;
    const toggle = page.getByRole('switch', { name: 'Route the mail of sales@contoso.example' });
    for (const isEnabled of [false, true]) {
      await toggle.focus();
      await page.keyboard.press('Space');
      await expect.poll(() => toggle.isChecked(), { timeout: 8_000 }).toBe(isEnabled);
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
  });

  it('finds accounts by their address', async () => {
    const { page } = admin;
    await page.getByRole('searchbox', { name: 'Search by address' }).fill('sal');
    await row(SUPPORT).waitFor({ state: 'detached' });
    await page.waitForURL(/search=sal/);
    await page.getByRole('link', { name: 'sales@contoso.example' }).click();
    await page.getByRole('link', { name: 'All accounts' }).click();
    await page.waitForURL(/search=sal/);
    await page.goto(url('/config/email/accounts?page=99'));
    await row(SUPPORT).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('searchbox', { name: 'Search by address' }).fill('nobody');
    await page.getByText('No address contains “nobody”.').waitFor();
    await page.getByRole('button', { name: 'Show all accounts' }).click();
    await row(SUPPORT).waitFor();
  });

  it('shows another browser what this one changes', async () => {
    const other = await browser.visit({ locale: 'de-DE', colorScheme: 'dark' });
    await other.page.goto(url('/config/email/accounts'));
    await other.page.getByRole('link', { name: 'Anmelden' }).click();
    await signInAtMicrosoft(other.page, DEFAULT_ADMINISTRATOR);
    const theirs = other.page.getByRole('row').filter({ hasText: SUPPORT });
    await theirs.getByText('Angemeldet').waitFor();
    await other.expectAccessible('dark');
    await admin.page.getByRole('switch', { name: `Route the mail of ${SUPPORT}` }).focus();
    await admin.page.keyboard.press('Space');
    await theirs.getByText('Deaktiviert').waitFor();
    other.expectNoComplaints();
    await other.close();
  });

  it('shows every row whole, however long an address is, in both languages', async () => {
    const { page } = admin;
    const long = `${'customer-relations-and-complaints.'.repeat(2)}north@contoso.example`;
    const { id } = await stack.mailroom.post<{ id: string }>('/email/accounts', { address: long });
    await stack.mailroom.post('/users', { email: long, displayName: '', profile: 'Agent' });
    for (const language of ['de', 'en']) {
      for (const path of ['/admin/users', '/config/email/accounts']) {
        await page.goto(url(path));
        await page.getByRole('combobox', { name: /^(Language|Sprache)$/ }).selectOption(language);
        await row(long).waitFor();
        for (const width of [360, 768, 1024, 1280, 1920]) {
          await page.setViewportSize({ width, height: 900 });
          await admin.expectFits();
          const message = `${path} in ${language} at ${width} px`;
          await expect.poll(() => page.evaluate(HIDDEN_PIXELS), { message, timeout: 5_000 }).toEqual([0]);
        }
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await stack.mailroom.delete(`/email/accounts/${id}`);
    await row(long).waitFor({ state: 'detached' });
  });

  it('disables what is ticked, and enables it again', async () => {
    const { page } = admin;
    const dialog = page.getByRole('dialog');
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    for (const [act, done] of [
      ['Disable', 'disabled'],
      ['Enable', 'enabled'],
    ] as const) {
      await page.getByRole('button', { name: act, exact: true }).click();
      await dialog.getByRole('button', { name: `${act} 2 accounts` }).waitFor();
      await admin.expectAccessible('light');
      await dialog.getByRole('button', { name: `${act} 2 accounts` }).click();
      await page.getByRole('dialog', { name: `2 accounts are ${done}` }).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      const { accounts } = await stack.mailroom.get<{ accounts: { enabled: boolean }[] }>('/email/accounts');
      expect(accounts.map(({ enabled }) => enabled)).toEqual([act === 'Enable', act === 'Enable']);
    }
    await page.getByRole('button', { name: 'Clear selection' }).click();
  });

  it('leads the mail of what is ticked to another queue', async () => {
    const { page } = admin;
    const dialog = page.getByRole('dialog');
    const { id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Night desk' });
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'Change queue' }).click();
    const change = dialog.getByRole('button', { name: 'Change 2 accounts' });
    await change.waitFor();
    expect(await change.isDisabled()).toBe(true);
    await dialog.getByRole('combobox', { name: 'goes from now on to' }).click();
    await page.getByRole('option', { name: 'Night desk' }).click();
    // A queue does not take its own place.
    const from = dialog.getByRole('combobox', { name: 'Mail that goes to' });
    await from.click();
    await page.getByRole('option', { name: 'Night desk' }).click();
    expect(await change.isDisabled()).toBe(true);
    await from.click();
    await page.getByRole('option', { name: 'the default queue of each account' }).click();
    await admin.expectAccessible('light');
    await change.click();
    await page.getByRole('dialog', { name: 'The routing is changed' }).waitFor();
    expect(await dialog.getByText('changed', { exact: true }).count()).toBe(2);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const { accounts } = await stack.mailroom.get<{ accounts: { id: string }[] }>('/email/accounts');
    for (const { id } of accounts) {
      const routing = await stack.mailroom.get<{ defaultQueueId: string }>(`/email/accounts/${id}/routing`);
      expect(routing.defaultQueueId).toBe(queueId);
    }
    await page.getByRole('button', { name: 'Clear selection' }).click();
  });

  it('removes what is ticked, after it said what goes and what stays', async () => {
    const { page } = admin;
    await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByText('2 accounts selected').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('sales@contoso.example').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await dialog.getByRole('button', { name: 'Remove 2 accounts' }).click();
    await dialog.getByText('Finished: 2 of 2 done').waitFor();
    await page.getByRole('dialog', { name: '2 accounts are removed' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('Connect the first mailbox').waitFor();
    await expectFocus(page.getByRole('heading', { level: 1 }));
    expect((await stack.mailroom.get<{ total: number }>('/email/accounts')).total).toBe(0);
  });

  it('connects many mailboxes with application access, once that is proved to be limited', async () => {
    const { page } = admin;
    const { call } = createSimulatorControl(stack.simulatorUrl);
    const board = 'board@contoso.example';
    const desks = ['desk-1@contoso.example', 'desk-2@contoso.example'];
    await call('POST', '/mailboxes/bulk', { mailboxes: [board, ...desks] });
    const role = { role: 'Application Mail.Read' };
    const roles = `/apps/${MAILROOM_CLIENT_ID}/exchange-roles`;
    await call('PUT', roles, { roles: [role] });
    await page.goto(url('/config/email/settings'));
    await page.getByLabel('Mailboxes that Mailroom must not be able to read').fill(board);
    await page.getByRole('button', { name: 'Prove the limit and switch on' }).click();
    await page.getByText(`The application can read ${board}, so it is not limited.`).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await call('PUT', roles, { roles: [{ ...role, mailboxes: desks }] });
    await page.getByRole('button', { name: 'Prove the limit and switch on' }).click();
    await page.getByText('the application cannot read these mailboxes').waitFor();
    await page.getByText('Switched on', { exact: true }).waitFor();
    await admin.expectAccessible('light');

    await page.goto(url('/config/email/accounts'));
    await page.getByRole('button', { name: 'Connect many' }).click();
    await page.getByLabel('Addresses').fill(`Desk <${desks[0]}>\n${desks.slice(1).join('\n')}\nno address`);
    await page.getByRole('button', { name: 'Connect 2 mailboxes' }).click();
    await page.getByText('2 mailboxes are connected.').waitFor();
    await page.getByText('Is not an e-mail address').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Close' }).last().click();
    await row(desks[0] ?? '')
      .getByText('Application access')
      .waitFor();
    await row(desks[0] ?? '')
      .getByRole('link')
      .click();
    await page.getByText('Application access: no person has signed in').waitFor();
    await page.getByRole('button', { name: 'Change to a sign-in' }).waitFor();
    await admin.expectAccessible('light');
  });

  it('fits a telephone and a wide screen', async () => {
    const { page } = admin;
    for (const width of [360, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['/config/email/accounts', '/config/email/settings']) {
        await page.goto(url(path));
        await page.getByRole('heading', { level: 1 }).waitFor();
        await admin.expectFits();
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('does not sign out a person who only followed a link', async () => {
    const { page } = admin;
    await page.goto(url('/sign-out'));
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Email' }).waitFor();
  });

  it('says that signing out failed, and tries it again', async () => {
    const { page } = admin;
    await page.route('**/auth/sign-out', (route) => route.fulfill({ status: 503, body: '' }), { times: 1 });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('so it is not known whether this was done').waitFor();
    await admin.expectAccessible('light');
    await page.getByRole('link', { name: 'To the start page' }).click();
    await page.getByRole('heading', { name: 'Email' }).waitFor();
  });

  it('signs out, asks nothing while the session ends, and asks to sign in again', async () => {
    const { page } = admin;
    const asked: string[] = [];
    await page.goto(url('/config/email/accounts'));
    await page.getByRole('heading', { name: 'Email' }).waitFor();
    await page.route('**/auth/sign-out', async (route) => {
      const answer = await route.fetch();
      page.on('request', (request) => asked.push(request.url()));
      // The session has ended and the page does not know it yet, while something happens that pages show.
      await stack.mailroom.post('/queues', { name: 'While somebody leaves' });
      await setTimeout(2_000);
      page.removeAllListeners('request');
      await route.fulfill({ response: answer });
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Signing out').waitFor();
    await page.waitForURL((to) => to.origin !== stack.mailroom.url || to.pathname === '/');
    expect(asked).toEqual([]);
    await page.goto(url('/config/email/accounts'));
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.goto(url('/sign-out'));
    await page.getByText('You are not signed in').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/auth/sign-in?returnTo=%2F');
    await admin.expectAccessible('light');
    // Another account signed in; the mailbox was connected already; Microsoft refused the secret; signing out failed once.
    admin.expectNoComplaints([403, 409, 422, 503]);
  });
});
