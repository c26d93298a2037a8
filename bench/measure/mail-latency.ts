import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { everydayMail } from '../real-mail.ts';
import type { BenchAccount } from '../stack/add-accounts.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';
import { until } from './until.ts';

export interface MailFlow {
  readonly accounts: readonly BenchAccount[];
  readonly mailsPerSecond: number;
  readonly seconds: number;
  /** Timeout of the last mail. */
  readonly timeoutMs: number;
}

/**
 * Delivers mails at an even pace, to one mailbox after another, and returns for each the milliseconds from just before
 * its delivery to the simulator until the start of the transaction that queued it. One machine, one clock.
 */
export async function measureMailLatency(
  { simulator, db }: BenchStack,
  { accounts, mailsPerSecond, seconds, timeoutMs }: MailFlow,
): Promise<readonly number[]> {
  const mails = everydayMail();
  const sentAt = new Map<string, number>();
  const startedAt = performance.now();
  const deliveries: Promise<void>[] = [];
  for (let n = 0; n < mailsPerSecond * seconds; n++) {
    await sleep(Math.max(0, startedAt + (n * 1_000) / mailsPerSecond - performance.now()));
    const { address } = accounts[(n * STRIDE) % accounts.length] as BenchAccount;
    const at = Date.now();
    const delivery = simulator.deliver(address, mails[n % mails.length] as Uint8Array);
    deliveries.push(delivery.then((id) => void sentAt.set(id, at)));
  }
  await Promise.all(deliveries);

  let queued: { readonly graphId: string; readonly queuedAt: Date }[] = [];
  const ids = [...sentAt.keys()];
  await until(
    `${ids.length} mails queued`,
    async () => {
      const { rows } = await sql<(typeof queued)[number]>`
        select messages.graph_id, items.queued_at from messages join items on items.message_id = messages.id
        where messages.graph_id = any(${ids})
      `.execute(db);
      queued = rows;
      return queued.length === ids.length;
    },
    { timeoutMs, everyMs: 250 },
  );
  return queued.map(({ graphId, queuedAt }) => queuedAt.getTime() - (sentAt.get(graphId) ?? Number.NaN));
}

/** Keeps neighbours in time apart in the list; has no factor in common with round numbers. */
const STRIDE = 37;
