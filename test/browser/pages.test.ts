import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn, signInAtMicrosoft } from './sign-in.ts';
import { startBrowser } from './start-browser.ts';

const ADDRESS = 'info@contoso.example';

/** Runs in a page from its beginning: adds up how far things jumped (https://web.dev/articles/cls). */
const WATCH_SHIFTS = `
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shifted += value;
  }).observe({ type: 'layout-shift', buffered: true });`;
/** What web.dev calls good is 0.1; one line of text that comes later is a tenth of that. */
const MOST_SHIFT = 0.05;

const visitors: readonly BrowserContextOptions[] = [
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1920, height: 1000 } },
  { locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 800 } },
];

describe('every page', () => {
  let stack: TestStack;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let paths: readonly string[];

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startTestStack(), startBrowser()]);
    await enterSettings(stack);
    const { id: queueId } = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Desk' });
    const accountId = await connectAccount(stack, ADDRESS, { defaultQueueId: queueId });
    const simulator = createSimulatorControl(stack.simulatorUrl);
    await simulator.deliver(ADDRESS, { subject: `A subject without a blank: ${'x'.repeat(300)}` });
    await simulator.signIn({ mode: 'interactive' });
    const itemId = await eventually(
      async () => {
        const { items } = await stack.mailroom.get<{ items: { id: string }[] }>(`/queues/${queueId}/items`);
        expect(items).toHaveLength(1);
        return items[0]?.id;
      },
      { timeoutMs: 20_000 },
    );
    paths = [
      '/config/email/accounts',
      '/config/email/settings',
      `/config/email/accounts/${accountId}`,
      '/queues',
      `/queues/${queueId}`,
      `/items/${itemId}`,
      '/admin/users',
      '/admin/nothing',
      '/config/email/accounts/01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11',
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it.each(visitors)(
    'is accessible, fits and stands still in $locale, $colorScheme, $viewport.width px',
    async (options) => {
      const visitor = await browser.visit(options);
      const { page } = visitor;
      await page.addInitScript(WATCH_SHIFTS);
      await page.goto(`${stack.mailroom.url}/queues`);
      await page.getByRole('link', { name: /^(Sign in|Anmelden)$/ }).click();
      await signInAtMicrosoft(page, DEFAULT_ADMINISTRATOR);
      await page.waitForURL(`${stack.mailroom.url}/queues`);
      for (const path of paths) {
        await page.goto(`${stack.mailroom.url}${path}`);
        await page.getByRole('heading').first().waitFor();
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
        await visitor.expectAccessible(options.colorScheme as 'light' | 'dark');
        await visitor.expectFits();
        expect(await page.locator('html').getAttribute('lang')).toBe(options.locale?.slice(0, 2));
        expect(await page.evaluate<number>('window.shifted'), path).toBeLessThan(MOST_SHIFT);
      }
      visitor.expectNoComplaints([404]);
      await visitor.close();
    },
  );

  it('keeps the navigation where the code of a page does not arrive, and loads it once it does', async () => {
    const { page, close } = await browser.visit();
    await openSignedIn(page, `${stack.mailroom.url}/queues`, DEFAULT_ADMINISTRATOR);
    await page.route('**/assets/*', (route) => route.abort());
    await page.route('**/admin/users', (route) => route.abort());
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Mailroom does not answer.').waitFor();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await close();
  });
});
