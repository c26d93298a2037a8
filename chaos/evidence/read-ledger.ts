import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Decision } from '../../domain/routing.ts';
import type { AccountChange, RoutedMail } from './evidence.ts';

interface Numbers {
  readonly accountIds: readonly string[];
  readonly queueIds: readonly string[];
}

interface MailRow {
  readonly accountId: string;
  readonly graphId: string;
  readonly subject: string;
  readonly receivedAt: Date;
  readonly capturedAt: Date;
  readonly committedAt: Date;
  readonly itemId: string | null;
  readonly queueId: string | null;
  readonly decision: Decision | null;
  readonly state: string | null;
  readonly claimedBy: string | null;
}

/** Reads every message in the database with its item and the commit time of the transaction that wrote it. */
export async function readMails(db: Database, { accountIds, queueIds }: Numbers): Promise<readonly RoutedMail[]> {
  const { rows } = await sql<MailRow>`
    select messages.account_id, graph_id, subject, messages.received_at, captured_at,
      pg_xact_commit_timestamp(messages.xmin) as committed_at,
      items.id as item_id, queue_id, decision, state, claimed_by
    from messages left join items on items.message_id = messages.id
  `.execute(db);
  return rows.map((row) => ({
    account: numberOf(accountIds, row.accountId),
    graphId: row.graphId,
    subject: row.subject,
    receivedAt: row.receivedAt.getTime(),
    routedFrom: row.capturedAt.getTime(),
    routedBy: row.committedAt.getTime(),
    item:
      row.itemId === null
        ? undefined
        : {
            id: row.itemId,
            queue: numberOf(queueIds, row.queueId),
            version: row.decision?.version ?? 0,
            state: row.state ?? '',
            claimedBy: row.claimedBy,
          },
  }));
}

const names = {
  'account.paused': 'disabled',
  'account.resumed': 'enabled',
  'account.removed': 'removed',
  'account.sign-in-needed': 'sign-in-needed',
  'account.authenticated': 'authenticated',
} as const;

/** Changes to the accounts, by the commit times of their events. */
export async function readChanges(db: Database, { accountIds }: Numbers): Promise<readonly AccountChange[]> {
  const { rows } = await sql<{ accountId: string; name: keyof typeof names; mode: string | null; at: Date }>`
    select account_id, name, details->>'mode' as mode, pg_xact_commit_timestamp(xmin) as at
    from events where name = any(${Object.keys(names)}::text[]) order by at, id
  `.execute(db);
  return rows.flatMap(({ accountId, name, mode, at }) => {
    const account = numberOf(accountIds, accountId);
    return account === undefined ? [] : [{ account, name: names[name], mode: mode ?? undefined, at: at.getTime() }];
  });
}

function numberOf(ids: readonly string[], id: string | null): number | undefined {
  const number = id === null ? -1 : ids.indexOf(id);
  return number < 0 ? undefined : number;
}
