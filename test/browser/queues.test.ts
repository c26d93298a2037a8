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
  const mail = () => admin.page.frameLocator('iframe.mail-frame').locator('body');

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const outsideUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    ({ id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' }));
    await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    const mails = hostileMails(outsideUrl);
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
    await page.getByRole('button', { name: 'Add queue' }).click();
    await page.getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(page.getByRole('button', { name: 'Add queue' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('desk');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Name').fill('Billing');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('link', { name: 'Billing' }).waitFor();
    await admin.expectAccessible('light');
    await admin.expectAccessible('dark');
  });

  it('says why a queue that is in use is not removed, and removes one that is not', async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'Remove: Desk' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await dialog.getByText(`is the default queue of ${ADDRESS}`).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
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
    admin.expectNoComplaints([409]);
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
