import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { hostileMails } from './hostile-mails.ts';
import { openSignedIn } from './sign-in.ts';
import { expectFocus, startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'desk@contoso.example';

const longMail = {
  subject: 'Long paragraphs',
  html: `${'<p>Words that go on and on, so that they fill more lines where there is less room.</p>'.repeat(12)}The last word.`,
};

interface ItemPage {
  readonly items: readonly { readonly id: string; readonly subject: string }[];
}

describe('queues and what waits in them', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let admin: Visitor;
  let queueId: string;
  let items: ItemPage['items'];
  /** Requests that a mail made to the outside. */
  const outside: string[] = [];
  const pixel = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
  const elsewhere = createServer((request, response) => {
    outside.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'image/gif' }).end(pixel);
  });
  const open = async (subject: string) => {
    const item = items.find((each) => each.subject === subject);
    await admin.page.goto(`${stack.mailroom.url}/items/${item?.id}`);
    await admin.page.getByRole('heading', { level: 1, name: subject }).waitFor();
  };
  const setDefaultQueue = async (name: string) => {
    const { queues } = await stack.mailroom.get<{ queues: readonly { id: string; name: string }[] }>('/queues');
    const { accounts } = await stack.mailroom.get<{ accounts: readonly { id: string }[] }>('/email/accounts');
    const path = `/email/accounts/${accounts[0]?.id}/routing`;
    const { version, rules } = await stack.mailroom.get<{ version: number; rules: readonly unknown[] }>(path);
    const defaultQueueId = queues.find((queue) => queue.name === name)?.id;
    await stack.mailroom.put(path, { version, rules, defaultQueueId });
  };
  const mail = () => admin.page.frameLocator('iframe.mail-frame').locator('body');

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const outsideUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    ({ id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' }));
    await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    const mails = [...hostileMails(outsideUrl), longMail];
    for (const { subject, html } of mails) await simulator.deliver(ADDRESS, { subject, html });
    await simulator.signIn({ mode: 'interactive' });
    await eventually(
      async () => {
        ({ items } = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?pageSize=100`));
        expect(items).toHaveLength(mails.length);
      },
      { timeoutMs: 30_000 },
    );
    admin = await browser.visit();
    await openSignedIn(admin.page, `${stack.mailroom.url}/queues`, DEFAULT_ADMINISTRATOR);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('lists queues with what waits, and adds one', async () => {
    const { page } = admin;
    await page.getByRole('row').filter({ hasText: 'Desk' }).getByText(String(items.length)).waitFor();
    await page.getByRole('button', { name: 'New queue' }).click();
    await page.getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(page.getByRole('button', { name: 'New queue' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('desk');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Is taken already.').waitFor();
    await admin.expectAccessible('light');
    expect(await page.evaluate('document.activeElement.name')).toBe('/name');
    await page.getByLabel('Name').fill(' ');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Must not be empty.').waitFor();
    await page.getByLabel('Name').fill('');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Must be filled in.').waitFor();
    await page.getByLabel('Name').fill('Billing');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'Billing' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('says why a queue that is in use is not removed, and removes one that is not', async () => {
    const { page } = admin;
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Remove: Desk' }).click();
    await dialog.getByText(`${items.length} items are open in it, so it cannot be removed.`).waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove' }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await setDefaultQueue('Billing');
    await page.getByRole('button', { name: 'Remove: Billing' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText(`The queue Billing is the default queue of ${ADDRESS}.`).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('button', { name: 'Entfernen: Billing' }).click();
    await dialog.getByRole('button', { name: 'Entfernen' }).click();
    await dialog.getByText(`Die Warteschlange Billing ist die Standard-Warteschlange von ${ADDRESS}.`).waitFor();
    await dialog.getByRole('button', { name: 'Abbrechen' }).click();
    await page.getByLabel('Sprache').selectOption('en');
    await setDefaultQueue('Desk');
    await page.getByRole('button', { name: 'Remove: Billing' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('link', { name: 'Billing' }).waitFor({ state: 'detached' });
    await expectFocus(page.getByRole('heading', { level: 1 }));
  });

  it('claims the oldest item, releases it, and completes it', async () => {
    const { page } = admin;
    await page.getByRole('link', { name: 'Desk' }).click();
    await page.getByRole('table', { name: 'Items' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Claim the next' }).click();
    await page.getByText('Claimed by you').waitFor();
    await page.getByText('The account has no rules, so everything goes to the default queue.').waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('The item waits again.').waitFor();
    await page.getByRole('button', { name: 'Claim', exact: true }).click();
    await page.getByRole('button', { name: 'Complete' }).click();
    await page.getByText('The item is completed.').waitFor();
    const completed = await stack.mailroom.get<ItemPage>(`/queues/${queueId}/items?state=completed`);
    expect(completed.items).toHaveLength(1);
    await page.goto(`${stack.mailroom.url}/items/${completed.items[0]?.id}`);
    await page.getByText(/Completed, by you on \d/).waitFor();
    // Later pages show mail for which Chromium tells the console what its policy kept from running.
    admin.expectNoComplaints([409, 422]);
  });

  it('counts what waits and is claimed, names the mailbox, and says what a state means where there is nothing', async () => {
    const { page } = admin;
    await page.goto(`${stack.mailroom.url}/queues/${queueId}`);
    await page.getByText(`Waiting (${items.length - 1})`).waitFor();
    await page.getByRole('row').filter({ hasText: ADDRESS }).first().waitFor();
    await page.getByText('Claimed (0)').click();
    await page.getByText('Nobody holds an item').waitFor();
    await admin.expectAccessible('light');
  });

  it('says until when an item is held, warns before the end, and says afterwards how it was lost', async () => {
    // Of their own, because their clock is turned forward.
    const holder = await browser.visit();
    const { page } = holder;
    await openSignedIn(page, `${stack.mailroom.url}/queues/${queueId}`, DEFAULT_ADMINISTRATOR);
    await page.getByRole('button', { name: 'Claim the next' }).click();
    await page.getByText(/reserved until .* \(4 min left\)/).waitFor();
    await page.getByRole('button', { name: 'Hold longer' }).click();
    await page.getByText(/The item is reserved for you until \d/).waitFor();
    expect(await page.getByRole('link', { name: 'Queues' }).getAttribute('aria-current')).toBe('true');
    const id = new URL(page.url()).pathname.split('/').at(-1) as string;

    await page.clock.install();
    await page.clock.fastForward('04:10');
    await page.getByText('Your reservation ends in less than a minute.').waitFor();
    await holder.expectAccessible('dark');
    await stack.mailroom.post(`/items/${id}/release`, {});
    await page.clock.fastForward('01:00');
    await page.getByText(/ took the item back on \d.*It waits again\./).waitFor();
    await holder.expectAccessible('light');
    await page.getByRole('button', { name: 'Claim', exact: true }).waitFor();
    await holder.close();
  });

  it('shows a mail whole after the window became narrower', async () => {
    const { page } = admin;
    await open('Long paragraphs');
    await mail().getByText('The last word.').waitFor();
    const isWhole = () =>
      page.evaluate(`(() => {
        const frame = document.querySelector('iframe.mail-frame');
        const { body } = frame.contentDocument;
        return Math.abs(frame.clientHeight - body.offsetHeight) < 2;
      })()`);
    const heightOf = async () => (await page.locator('iframe.mail-frame').boundingBox())?.height ?? 0;
    await expect.poll(isWhole).toBe(true);
    const before = await heightOf();
    await page.setViewportSize({ width: 500, height: 900 });
    await expect.poll(heightOf).toBeGreaterThan(before);
    await expect.poll(isWhole).toBe(true);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(heightOf).toBe(before);
  });

  it('leads from an item back to the list from which it was opened', async () => {
    const { page } = admin;
    await page.goto(`${stack.mailroom.url}/queues/${queueId}?state=completed`);
    await page.getByRole('table', { name: 'Items' }).getByRole('link').click();
    await page.getByRole('link', { name: 'Desk', exact: true }).click();
    await page.waitForURL(/state=completed/);
    await page.getByRole('table', { name: 'Items' }).waitFor();
  });

  it('shows hostile mail without a script run or a request to the outside', async () => {
    for (const { subject, shows, asText } of hostileMails('http://unused')) {
      await open(subject);
      const shown = asText ? admin.page.locator('pre.mail-text') : mail();
      await shown.getByText(shows).first().waitFor();
      if (asText) expect(await admin.page.locator('iframe').count()).toBe(0);
      expect(await admin.page.evaluate('window.ran'), subject).toBeUndefined();
    }
    // Chromium tells the console what its policy kept from running while DOMPurify parsed; here only deeds count.
    expect(outside).toEqual([]);
  });

  it('loads remote images once they are asked for', async () => {
    const { page } = admin;
    await open('Remote images');
    await page.getByText('remote images are not loaded').waitFor();
    await page.getByRole('button', { name: 'Load images' }).click();
    await expect.poll(() => outside).toContain('/tracker.gif');
    await page.getByRole('button', { name: 'Show as text' }).click();
    await page.locator('pre.mail-text').waitFor();
  });

  it('fits a telephone', async () => {
    const { page } = admin;
    await page.setViewportSize({ width: 360, height: 800 });
    for (const path of ['/queues', `/queues/${queueId}`, `/items/${items[0]?.id}`]) {
      await page.goto(`${stack.mailroom.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await admin.expectFits();
    }
  });
});
