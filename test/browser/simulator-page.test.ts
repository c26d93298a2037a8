import { fileURLToPath } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGraph, startGraph } from '../simulator/start-graph.ts';
import { startBrowser, type Visitor } from './start-browser.ts';

const mailFolder = fileURLToPath(new URL('../mail', import.meta.url));

describe('The page of the simulator', () => {
  let running: RunningGraph;
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let visitor: Visitor;
  beforeAll(async () => {
    [running, browser] = await Promise.all([startGraph({ mailFolder }), startBrowser()]);
    visitor = await browser.visit();
    await visitor.page.goto(running.simulator.url);
  });
  afterAll(async () => {
    await browser?.close();
    await running?.close();
  });

  const inbox = async (address: string) =>
    (await running.control('GET', `/mailboxes/${address}/messages`)).messages.map(
      ({ subject }: { subject: string }) => subject,
    );

  it('sends one of the 250 real messages, found by its subject', async () => {
    const { page } = visitor;
    await page.getByText('250 of 250 real messages').waitFor();
    await page.getByLabel('To', { exact: true }).fill('sales@contoso.example');
    await page.getByLabel('Search by subject or sender').fill('delivery status');
    const choice = page.getByRole('listbox', { name: 'Real messages' });
    const subject = (await choice.getByRole('option').first().textContent())?.split(' – ')[0];
    expect(subject).toMatch(/delivery status/i);
    await choice.selectOption({ index: 0 });
    await page.getByRole('button', { name: 'Send the chosen one' }).click();
    await page.getByRole('heading', { name: 'sales@contoso.example' }).waitFor();
    expect(await inbox('sales@contoso.example')).toEqual([subject]);
    // The search stays for the next one.
    expect(await page.getByLabel('Search by subject or sender').inputValue()).toBe('delivery status');
  });

  it('sends what is written, and shows it in the mailbox', async () => {
    const { page } = visitor;
    await page.getByLabel('To', { exact: true }).fill('support@contoso.example');
    await page.getByLabel('Subject', { exact: true }).fill('Where is my order?');
    await page.getByLabel('Text').fill('It was to come on Monday.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('cell', { name: 'Where is my order?' }).waitFor();
    expect(await inbox('support@contoso.example')).toEqual(['Where is my order?']);
  });

  it('is for everybody, at every width', async () => {
    const { page } = visitor;
    await page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    for (const width of [360, 1_920]) {
      await page.setViewportSize({ width, height: 900 });
      await visitor.expectFits();
    }
    visitor.expectNoComplaints();
  });
});
