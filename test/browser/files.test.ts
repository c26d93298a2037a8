import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { letUsersConsent } from '../support/let-users-consent.ts';
import { aMail, zipEntries } from '../support/mime.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn } from './sign-in.ts';
import { expectFocus, startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'files@contoso.example';
/** More than what the buffers of a connection hold between a process that ends and a browser that reads slowly. */
const LARGE_BYTES = 16_000_000;
/** Takes half a minute at the speed of a slow line. */
const UPLOADED_BYTES = 3_000_000;
const SLOW_LINE_BYTES_PER_SECOND = 100_000;
const NOT_THROTTLED = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

describe('files', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let accountId: string;
  let itemUrl: string;
  const large = randomBytes(LARGE_BYTES);
  const words = (text: string | RegExp) => admin.page.getByText(text).first().waitFor({ timeout: 20_000 });
  const text = () => admin.page.getByRole('textbox', { name: 'Text of the answer' });
  const chooseFile = (name: string, buffer: Buffer) =>
    admin.page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'application/pdf', buffer }]);
  const throttle = async (change: object) => {
    const session = await admin.page.context().newCDPSession(admin.page);
    await session.send('Network.emulateNetworkConditions', { ...NOT_THROTTLED, ...change });
    return () => session.send('Network.emulateNetworkConditions', NOT_THROTTLED);
  };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    const { id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' });
    accountId = await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    await stack.mailroom.put('/email/settings/sending', { enabled: true });
    await stack.mailroom.put(`/email/accounts/${accountId}/sending`, { enabled: true });
    await letUsersConsent(stack.simulatorUrl);
    const again = await stack.mailroom.post<{ signInUrl: string }>(`/email/accounts/${accountId}/sign-in`, {});
    expect(await signIn(stack, again.signInUrl)).toMatchObject({ status: 200 });
    const delivered = await fetch(`${stack.simulatorUrl}/control/mailboxes/${ADDRESS}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: aMail({
        subject: 'Papers',
        parts: [
          { name: 'large.dat', bytes: large },
          { name: 'Prüfung\u202Efdp.txt', bytes: Buffer.from('small') },
        ],
      }),
    });
    expect(delivered.ok).toBe(true);
    await createSimulatorControl(stack.simulatorUrl).signIn({ mode: 'interactive' });
    const itemId = await eventually(
      async () => {
        const { items } = await stack.mailroom.get<{ items: { id: string }[] }>(`/queues/${queueId}/items`);
        expect(items).toHaveLength(1);
        return items[0]?.id;
      },
      { timeoutMs: 30_000 },
    );
    itemUrl = `${stack.mailroom.url}/items/${itemId}`;
    admin = await browser.visit();
    await openSignedIn(admin.page, itemUrl, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('of a mailbox that cannot be read are refused in words, on the page', async () => {
    const { page } = admin;
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: false });
    const zip = page.getByRole('link', { name: 'Download all (zip)' });
    await zip.click();
    await words('its account is disabled');
    await admin.expectAccessible('light');
    await stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: true, resume: 'catch-up' });
    const download = page.waitForEvent('download', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Try again' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('Papers.zip');
    expect(zipEntries(readFileSync(await file.path()))).toEqual([
      { name: 'large.dat', size: LARGE_BYTES },
      { name: 'Prüfungfdp.txt', size: 5 },
    ]);
    await words('Papers.zip is downloaded.');
    admin.expectNoComplaints([409]);
  });

  it('that break off in the middle are said not to be saved, and are whole at the next attempt', async () => {
    const { page } = admin;
    const link = page.getByRole('link', { name: 'Download: large.dat' });
    const row = page.getByRole('listitem').filter({ has: link });
    const faster = await throttle({ downloadThroughput: SLOW_LINE_BYTES_PER_SECOND });
    await link.click();
    await row.getByText(/^Downloading … \d+/).waitFor({ timeout: 20_000 });
    await stack.killEverything();
    await faster();
    await words('The transfer broke off before the file was complete. Nothing was saved.');
    await stack.startEverything();
    const download = page.waitForEvent('download', { timeout: 30_000 });
    await row.getByRole('button', { name: 'Try again' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('large.dat');
    expect(readFileSync(await file.path()).equals(large)).toBe(true);
  });

  it('that are no longer wanted are cancelled, without a word of failure', async () => {
    const { page } = admin;
    const link = page.getByRole('link', { name: 'Download: large.dat' });
    const row = page.getByRole('listitem').filter({ has: link });
    const faster = await throttle({ downloadThroughput: SLOW_LINE_BYTES_PER_SECOND });
    await link.click();
    await row.getByRole('button', { name: 'Cancel' }).click();
    await row.getByRole('status').waitFor({ state: 'detached' });
    expect(await row.getByRole('alert').count()).toBe(0);
    await faster();
  });

  it('whose upload was answered, and the answer was lost, are attached once', async () => {
    const { page } = admin;
    await page.reload();
    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    await expectFocus(text());
    await page.keyboard.type('Here it is.');
    const losesAnswer = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    // A name of a device of Windows is changed on the way.
    await page.route('**/attachments?*', losesAnswer, { times: 1 });
    await chooseFile('con.pdf', Buffer.from('Terms'));
    await words('_con.pdf could not be attached.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: '_con.pdf' }).waitFor();
    await page.getByText('could not be attached').waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: '_con.pdf' }).count()).toBe(1);
  });

  it('that did not arrive before the session ended are named, and asked about before sending; a note is kept', async () => {
    const { page } = admin;
    // Of an attempt that failed.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const faster = await throttle({ uploadThroughput: SLOW_LINE_BYTES_PER_SECOND });
    await chooseFile('contract.pdf', randomBytes(UPLOADED_BYTES));
    await page.getByRole('progressbar', { name: 'contract.pdf' }).waitFor();
    const note = page.getByRole('textbox', { name: 'Add note' });
    await note.fill('Called her twice.');
    // The last words that were saved: the page never learns it.
    const saved = Promise.withResolvers<void>();
    const losesAnswer = async (route: Route) => {
      if (route.request().method() !== 'PUT') return await route.fallback();
      await route.fetch();
      saved.resolve();
      await route.abort();
    };
    await page.route(/\/drafts\/[^/]+$/, losesAnswer);
    await text().click();
    await page.keyboard.type('!');
    await saved.promise;
    await stack.db.deleteFrom('sessions').execute();
    // The page may have heard of it by itself.
    await page.keyboard.type('.');
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor({ timeout: 20_000 });
    await page.unroute(/\/drafts\/[^/]+$/, losesAnswer);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await faster();
    await words('Not attached: the page was left before the file had arrived.');
    await admin.expectAccessible('dark');
    expect(await note.inputValue()).toBe('Called her twice.');
    await page.getByText(/^Saved \d/).waitFor();
    await text().click();
    await page.keyboard.press('Control+Enter');
    const asked = page.getByRole('dialog', { name: 'Send this answer?' });
    await asked.getByText('contract.pdf is not attached.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove contract.pdf' }).click();
    await page.reload();
    await page.getByRole('link', { name: '_con.pdf' }).waitFor();
    expect(await page.getByText('Not attached:').count()).toBe(0);
  });
});
