import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { terminalLine } from '../../domain/words/terminal-text.ts';
import type { MailroomClient } from '../mailroom-client.ts';

export interface DemoItem {
  readonly id: string;
  readonly subject: string;
  readonly why: string;
  readonly queue: { readonly id: string; readonly name: string };
  readonly account: { readonly id: string; readonly address: string };
}

/** All items of these accounts in a queue, read page by page. */
export async function listItems(
  mailroom: MailroomClient,
  queueId: string,
  accountIds: ReadonlySet<string>,
): Promise<readonly DemoItem[]> {
  const items: DemoItem[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: DemoItem[]; nextCursor: string | null } = await mailroom.get(
      `/queues/${queueId}/items?state=all&pageSize=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    items.push(...page.items.filter(({ account }) => accountIds.has(account.id)));
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

/** Polls until the queues hold this many items of these accounts, and reports the count each time. */
export async function waitForItems(
  mailroom: MailroomClient,
  queueIds: readonly string[],
  accountIds: ReadonlySet<string>,
  expected: number,
  tell: (captured: number) => void,
): Promise<readonly DemoItem[]> {
  for (;;) {
    const items = (await Promise.all(queueIds.map((id) => listItems(mailroom, id, accountIds)))).flat();
    tell(items.length);
    if (items.length >= expected) return items;
    await sleep(CHECK_EVERY_MS);
  }
}
const CHECK_EVERY_MS = 1_000;

/** A table of queues with counts for each account. */
export function countsTable(items: readonly DemoItem[], addresses: readonly string[]): string {
  const queues = [...new Set(items.map(({ queue }) => queue.name))].sort();
  const table = new Table({
    head: ['Queue', ...addresses, 'Together'],
    colAligns: ['left', ...addresses.map(() => 'right' as const), 'right'],
    style: { head: [], border: [] },
  });
  const count = (queue: string | undefined, address: string | undefined) =>
    items.filter(
      (item) =>
        (queue === undefined || item.queue.name === queue) &&
        (address === undefined || item.account.address === address),
    ).length;
  for (const queue of queues) {
    table.push([terminalLine(queue), ...addresses.map((address) => count(queue, address)), count(queue, undefined)]);
  }
  table.push(['', ...addresses.map((address) => count(undefined, address)), items.length]);
  return table.toString();
}

/** A table of these items with the reason for each routing. */
export function reasonsTable(items: readonly DemoItem[]): string {
  const table = new Table({
    head: ['Subject', 'Queue', 'Why'],
    colWidths: [44, 16, 52],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { subject, queue, why } of items)
    table.push([shortened(subject) || '(no subject)', terminalLine(queue.name), terminalLine(why)]);
  return table.toString();
}

const SHOWN_SUBJECT = 80;
function shortened(subject: string): string {
  const line = terminalLine(subject.replace(/\s+/g, ' '));
  return line.length > SHOWN_SUBJECT ? `${line.slice(0, SHOWN_SUBJECT)}…` : line;
}
