import { sql } from 'kysely';
import pMap from 'p-map';
import { MAILBOX_WORKFLOW, mailboxWorkflowId, TASK_QUEUE } from '../../contract/mailbox.ts';
import type { Queryable } from '../../database/database.ts';
import { SUBSCRIPTION_LIFE_MINUTES } from '../../domain/schedule.ts';
import { createClientState } from '../../encryption/client-state.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import { createSubscriptionClient } from '../../graph/subscriptions/subscription-client.ts';
import { NOTIFICATION_PATH } from '../../ingest/access/keep-subscription.ts';
import { type AccountOptions, type BenchAccount, wholeSecond } from './add-accounts.ts';
import type { BenchStack } from './start-bench-stack.ts';

const AT_A_TIME = 16;
const STARTS_AT_A_TIME = 50;
/** Time between polls: the defaults of the configuration less the watcher's spread (database/ingest/watches.ts). */
const POLL_MS = 17_000;
const BACKSTOP_MS = 510_000;
/** Longer than any benchmark. */
const STARTS_AFTER_MS = 6 * 3_600_000;

/**
 * Puts accounts into the state after their first drain, without ten thousand first drains: subscription, cursor and
 * watch as a drain leaves them, and a waiting workflow. It waits for its very first task instead of its next one, which
 * costs Temporal the same (a timer); a notification wakes it.
 */
export async function settleAccounts(
  stack: BenchStack,
  accounts: readonly BenchAccount[],
  { push, captureFrom }: AccountOptions,
): Promise<void> {
  const { db, keys, simulator, temporal, apiUrl } = stack;
  const cloud = microsoftCloud('simulator', simulator.url);
  const settled = await pMap(
    accounts,
    async ({ id, accessToken }) => {
      const access = { cloud, getAccessToken: async () => accessToken };
      const notifications = {
        notificationUrl: `${apiUrl}${NOTIFICATION_PATH}`,
        clientState: createClientState(keys, id),
        findUsed: async () => new Set<string>(),
      };
      const subscription = push
        ? await createSubscriptionClient(access).create(notifications, { minutes: SUBSCRIPTION_LIFE_MINUTES })
        : undefined;
      const start = { folder: 'inbox', receivedSince: captureFrom ? wholeSecond(captureFrom) : null };
      const page = await createMailboxClient(access).readDeltaPage({ start }, { pageSize: 1 });
      return { id, link: page.link, graphId: subscription?.id, expiresAt: subscription?.expiresAt };
    },
    { concurrency: AT_A_TIME },
  );
  const column = <Key extends keyof (typeof settled)[number]>(key: Key) => settled.map((each) => each[key] ?? null);
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into cursors (account_id, folder, link, complete)
      select account_id, 'inbox', link, true
      from unnest(${column('id')}::uuid[], ${column('link')}::text[]) as settled (account_id, link)
    `.execute(trx);
    if (push) {
      await sql`
        insert into subscriptions (account_id, graph_id, notification_url, expires_at, due_at, created_at)
        select account_id, graph_id, ${apiUrl}, expires_at, now() + (expires_at - now()) / 2, now()
        from unnest(${column('id')}::uuid[], ${column('graphId')}::text[], ${column('expiresAt')}::timestamptz[])
          as settled (account_id, graph_id, expires_at)
      `.execute(trx);
    }
    await sql`update watches set current_at = now() where account_id = any(${column('id')}::uuid[])`.execute(trx);
    await spreadPolls(trx, accounts, { push });
  });
  // As autovacuum does within minutes: a plan made for empty tables would be kept for the measurement.
  await sql`analyze`.execute(db);
  await pMap(
    accounts,
    ({ id, address }) =>
      temporal.workflow.start(MAILBOX_WORKFLOW, {
        workflowId: mailboxWorkflowId(id),
        taskQueue: TASK_QUEUE,
        args: [{ accountId: id }],
        staticSummary: address,
        startDelay: STARTS_AFTER_MS,
      }),
    { concurrency: STARTS_AT_A_TIME },
  );
}

/** Spreads the next polls over the interval, as after some hours of operation. */
export async function spreadPolls(
  db: Queryable,
  accounts: readonly BenchAccount[],
  { push }: AccountOptions,
): Promise<void> {
  await sql`
    update watches set due_at = now() + random() * ${push ? BACKSTOP_MS : POLL_MS} * interval '1 millisecond'
    where account_id = any(${accounts.map(({ id }) => id)}::uuid[])
  `.execute(db);
}
