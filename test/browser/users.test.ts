import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { enterSettings } from '../support/connect-account.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const GRACE = 'grace@contoso.example';

describe('Admin > Users', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let grace: Visitor;
  const row = (address: string) => admin.page.getByRole('row').filter({ hasText: address });

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    [admin, grace] = await Promise.all([browser.visit(), browser.visit()]);
    await openSignedIn(admin.page, `${stack.mailroom.url}/admin/users`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('adds a user with a security profile', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Add user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(GRACE);
    await dialog.getByLabel('Agent').check();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await dialog.getByRole('button', { name: 'Add user' }).click();
    await row(GRACE).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('makes a key for a program, shows it once, and revokes it', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'Make a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('reporting');
    await dialog.getByRole('combobox', { name: 'Expires' }).click();
    await page.getByRole('option', { name: 'in 30 days' }).click();
    await dialog.getByRole('combobox', { name: 'Permissions' }).click();
    await page.getByRole('option', { name: 'users.change' }).click();
    await page.keyboard.press('Escape');
    await dialog.getByLabel('Addresses').fill('127.0.0.0/8, ::1');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    await dialog.getByText('has a permission that the security profile does not have').waitFor();
    await dialog.getByRole('combobox', { name: 'Permissions' }).press('Backspace');
    await dialog.getByRole('combobox', { name: 'Permissions' }).click();
    await page.getByRole('option', { name: 'queues.read' }).click();
    await page.keyboard.press('Escape');
    await admin.expectAccessible('light');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    const key = await dialog.locator('code').innerText();
    await admin.expectAccessible('dark');
    const ask = (path: string) =>
      fetch(`${stack.mailroom.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect([(await ask('/queues')).status, (await ask('/search?q=x')).status]).toEqual([200, 403]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row('reporting').getByText('Expires soon').waitFor();
    await row('reporting').getByText(DEFAULT_ADMINISTRATOR).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Revoke reporting' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row('reporting').getByText('Revoked').waitFor();
    expect((await ask('/queues')).status).toBe(401);
    await page.getByRole('link', { name: 'Users' }).click();
  });

  it('shows a user only what the profile allows, and says so politely where a link leads elsewhere', async () => {
    const { page } = grace;
    await openSignedIn(page, `${stack.mailroom.url}/queues`, GRACE);
    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Email' }).count()).toBe(0);
    await page.goto(`${stack.mailroom.url}/admin/users`);
    await page.getByText('Your security profile, Agent, does not include this page.').waitFor();
    await page.goto(`${stack.mailroom.url}/config/email/accounts`);
    await page.getByText('Your security profile, Agent, does not include this page.').waitFor();
    await grace.expectAccessible('light');
    await page.getByRole('link', { name: 'To the start page' }).click();
    await page.waitForURL(`${stack.mailroom.url}/queues`);
    await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
  });

  it('limits a user to the queues of a team, live, and says so on the pages', async () => {
    const { page } = admin;
    const { mailroom } = stack;
    const [refunds, legal] = await Promise.all(
      ['Refunds', 'Legal'].map((name) => mailroom.post<{ id: string }>('/queues', { name })),
    );
    await grace.page.getByRole('link', { name: 'Legal' }).waitFor();
    await page.getByRole('link', { name: 'Teams' }).click();
    await page.getByText('Everyone sees all queues. To limit people').waitFor();
    await page.getByRole('button', { name: 'Add a team' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Money');
    await dialog.getByRole('combobox', { name: 'Queues' }).click();
    await page.getByRole('option', { name: 'Refunds' }).click();
    await page.keyboard.press('Escape');
    await admin.expectAccessible('light');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row('Money').getByText('Refunds').waitFor();
    await admin.expectAccessible('dark');
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: `Change what ${GRACE} sees: All queues` }).click();
    await dialog.getByLabel('Only the queues of their teams').check();
    await dialog.getByRole('combobox', { name: 'Teams' }).click();
    await page.getByRole('option', { name: 'Money' }).click();
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 360, height: 800 });
    await admin.expectAccessible('dark');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row(GRACE).getByText('Money').waitFor();
    await admin.expectAccessible('light');
    await page.setViewportSize({ width: 1280, height: 900 });
    await grace.page.getByRole('link', { name: 'Legal' }).waitFor({ state: 'detached' });
    await grace.page.getByRole('link', { name: 'Refunds' }).waitFor();
    await grace.page.goto(`${mailroom.url}/queues/${legal?.id}`);
    await grace.page.getByText('There is nothing here').waitFor();
    await grace.page.goto(`${mailroom.url}/queues/${refunds?.id}`);
    await grace.page.getByRole('heading', { level: 1, name: 'Refunds' }).waitFor();
    await grace.page.goto(`${mailroom.url}/queues`);
    grace.expectNoComplaints([404]);
    await page.getByRole('button', { name: `Change what ${GRACE} sees: Money` }).click();
    await dialog.getByLabel('All queues').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await grace.page.getByRole('link', { name: 'Legal' }).waitFor();
  });

  it('ends the session of a user who is disabled, at the place where they are', async () => {
    await admin.page.getByRole('switch', { name: `Let ${GRACE} sign in` }).focus();
    await admin.page.keyboard.press('Space');
    await admin.page.getByText(`${GRACE} is disabled`).waitFor();
    await grace.page.getByText('Your session has ended').waitFor();
    const href = await grace.page.getByRole('link', { name: 'Sign in' }).getAttribute('href');
    expect(href).toBe(`/auth/sign-in?returnTo=${encodeURIComponent('/queues')}`);
    await grace.expectAccessible('dark');
    grace.expectNoComplaints([401, 404]);
  });

  it('lets them in again with another profile', async () => {
    const { page } = admin;
    await page.getByRole('switch', { name: `Let ${GRACE} sign in` }).focus();
    await page.keyboard.press('Space');
    await page.getByText(`${GRACE} can sign in again`).waitFor();
    await page.getByRole('combobox', { name: `Security profile of ${GRACE}` }).click();
    await page.getByRole('option', { name: 'Supervisor' }).click();
    await page.getByText(`${GRACE} is changed`).waitFor();
    await grace.page.getByRole('link', { name: 'Sign in' }).click();
    await grace.page.waitForURL(`${stack.mailroom.url}/queues`);
    await grace.page.getByRole('link', { name: 'Email' }).waitFor();
  });

  it('keeps the last administrator, and removes whom it may', async () => {
    const { page } = admin;
    await page.getByRole('combobox', { name: `Security profile of ${DEFAULT_ADMINISTRATOR}` }).click();
    await page.getByRole('option', { name: 'Agent' }).click();
    await page.getByText('This is the last enabled administrator').waitFor();
    await page.getByLabel('Language').selectOption('de');
    await page.getByText('Das ist der letzte aktive Benutzer mit dem Profil Admin').waitFor();
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('button', { name: `Remove ${GRACE}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row(GRACE).waitFor({ state: 'detached' });
    admin.expectNoComplaints([409, 422]);
  });

  it('refuses in words a person who was not added', async () => {
    const stranger = await browser.visit();
    await stranger.page.goto(`${stack.mailroom.url}/queues`);
    await stranger.page.getByRole('link', { name: 'Sign in' }).click();
    await signInAtMicrosoft(stranger.page, GRACE);
    await stranger.page.getByText('Ask an administrator').first().waitFor();
    await stranger.close();
  });

  it('refuses them in the language of their browser', async () => {
    const stranger = await browser.visit({ locale: 'de-AT' });
    await stranger.page.goto(`${stack.mailroom.url}/queues`);
    await stranger.page.getByRole('link', { name: 'Anmelden' }).click();
    await signInAtMicrosoft(stranger.page, GRACE);
    await stranger.page.getByRole('heading', { name: 'Sie sind noch kein Benutzer von Mailroom' }).waitFor();
    expect(await stranger.page.locator('html').getAttribute('lang')).toBe('de');
    await stranger.close();
  });
});
