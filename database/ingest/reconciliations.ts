import { sql } from 'kysely';
import type { LeftOut } from '../../domain/left-out.ts';
import {
  jittered,
  RECONCILE_EVERY_MS,
  RECONCILE_FIRST_AFTER_MS,
  RECONCILE_LISTED_EVERY_MS,
  RECONCILE_SETTLED_AFTER_MS,
} from '../../domain/schedule.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

/**
 * When the next reconciliation of an account is due. For queries that join `reconciliations` to `accounts`: the first
 * one is due soon after the account was connected.
 */
export const reconciliationDueAt = sql<Date>`coalesce(
  reconciliations.due_at,
  coalesce(accounts.authenticated_at, accounts.created_at) + ${RECONCILE_FIRST_AFTER_MS} * interval '1 millisecond'
)`;

/** The interval between reconciliations: shorter while delta may miss mail that is moved into the mailbox. */
const nextComparisonInMs = sql<number>`case when exists (
  select from accounts
    left join full_mailboxes on full_mailboxes.account_id = accounts.id and full_mailboxes.over_at is null
    left join cursors on cursors.account_id = accounts.id
  where accounts.id = reconciliations.account_id
    and (full_mailboxes.account_id is not null or cursors.received_since > accounts.capture_from)
) then ${RECONCILE_LISTED_EVERY_MS}::float8 else ${RECONCILE_EVERY_MS}::float8 end`;

/** The running reconciliation. */
export interface Comparison {
  /** Where it continues: only mail received earlier is still to be compared. */
  readonly from: Date;
  /** Younger mail is left to the drains. By the mail server's clock, like all times here. */
  readonly receivedBefore: Date;
  /** The account's `captureFrom` when the reconciliation began. */
  readonly captureFrom: Date | null;
  readonly version: number;
  /** Messages of the mailbox so far, and how many of them are captured; the rest is in quarantine. */
  readonly seen: number;
  readonly known: number;
}

/** The running reconciliation, a new one that is due, or the milliseconds until one is due. */
export type OpenedComparison = Comparison | { readonly dueInMs: number };

/**
 * Continues the reconciliation of an account, or starts a due one. Restarts it when the moment from which mail is
 * captured has moved. Undefined while the account is not enabled and signed in.
 */
export async function openComparison(db: Database, accountId: string): Promise<OpenedComparison | undefined> {
  return await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('reconciliations')
      .columns(['accountId', 'dueAt'])
      .expression((from) =>
        from
          .selectFrom('accounts')
          .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
          .where('accounts.id', '=', accountId)
          .select(['accounts.id', reconciliationDueAt.as('dueAt')]),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await sql`
      update reconciliations set
        started_at = now(), version = version + 1, seen = 0, known = 0, position = null,
        capture_from = accounts.capture_from,
        received_before = date_trunc('second', now()
          + (accounts.clock_skew_ms - ${RECONCILE_SETTLED_AFTER_MS}::integer) * interval '1 millisecond')
      from accounts
      where accounts.id = ${accountId} and reconciliations.account_id = accounts.id
        and accounts.enabled and accounts.sign_in = 'done' and accounts.removed_at is null
        and reconciliations.due_at <= now()
        and (
          reconciliations.started_at is null
          or reconciliations.capture_from is distinct from accounts.capture_from
        )
    `.execute(trx);
    const row = await trx
      .selectFrom('reconciliations')
      .innerJoin('accounts', 'accounts.id', 'reconciliations.accountId')
      .where('accounts.id', '=', accountId)
      .where('enabled', '=', true)
      .where('signIn', '=', 'done')
      .where('removedAt', 'is', null)
      .select([
        'position',
        'receivedBefore',
        'reconciliations.captureFrom',
        'version',
        'seen',
        'known',
        'startedAt',
        sql<number>`greatest(0, extract(epoch from due_at - now()) * 1000)::float8`.as('dueInMs'),
      ])
      .executeTakeFirst();
    if (!row) return undefined;
    const { position, receivedBefore, captureFrom, version, seen, known, startedAt, dueInMs } = row;
    if (startedAt === null || receivedBefore === null || dueInMs > 0) return { dueInMs };
    return {
      from: position ?? captureFrom ?? new Date(0),
      receivedBefore,
      captureFrom,
      version,
      seen,
      known,
    };
  });
}

/** The result of one turn of a reconciliation. */
export interface ComparedTurn {
  /** Messages of the mailbox, and how many of them are captured now; the rest is in quarantine. */
  readonly seen: number;
  readonly known: number;
  /** Where the reconciliation continues; undefined: it has reached its end. */
  readonly next: Date | undefined;
  /** Messages of the inbox received before the moment from which mail is captured; undefined: Microsoft did not say. */
  readonly receivedEarlier?: number | undefined;
}

/**
 * Stores a turn of a reconciliation. The last turn ends it and schedules the next one. Undefined when another attempt
 * of the turn was quicker, otherwise milliseconds until the next turn or reconciliation.
 */
export async function recordTurn(
  db: Database,
  accountId: string,
  { version }: Pick<Comparison, 'version'>,
  { seen, known, next, receivedEarlier }: ComparedTurn,
): Promise<number | undefined> {
  return await db.transaction().execute(async (trx) => {
    const moved = await trx
      .updateTable('reconciliations')
      .set({
        version: version + 1,
        seen: sql`seen + ${seen}`,
        known: sql`known + ${known}`,
        position: next ?? null,
      })
      .where('accountId', '=', accountId)
      .where('version', '=', version)
      .where('startedAt', 'is not', null)
      .returning('startedAt')
      .executeTakeFirst();
    if (!moved) return undefined;
    if (next !== undefined) return 0;

    const found = await trx
      .selectFrom('differences')
      .innerJoin('reconciliations', 'reconciliations.accountId', 'differences.accountId')
      .where('differences.accountId', '=', accountId)
      .whereRef('foundAt', '>=', 'startedAt')
      .select(({ fn }) => [
        fn.countAll<number>().filterWhere('outcome', '=', 'captured').as('captured'),
        fn.countAll<number>().filterWhere('outcome', '=', 'quarantined').as('quarantined'),
        fn.countAll<number>().filterWhere('outcome', '=', 'gone').as('gone'),
      ])
      .executeTakeFirstOrThrow();
    const { dueInMs } = await trx
      .updateTable('reconciliations')
      .set({
        startedAt: null,
        finishedAt: sql`now()`,
        inMailbox: sql`seen`,
        inLedger: sql`known`,
        receivedEarlier: receivedEarlier ?? null,
        repaired: found.captured + found.quarantined,
        again: false,
        dueAt: sql`case when again then now()
          else now() + ${jittered(1_000, Math.random())}::integer * 0.001 * ${nextComparisonInMs} * interval '1 millisecond' end`,
      })
      .where('accountId', '=', accountId)
      .returning(sql<number>`(extract(epoch from due_at - now()) * 1000)::float8`.as('dueInMs'))
      .executeTakeFirstOrThrow();
    if (found.captured + found.quarantined + found.gone > 0) {
      await recordEvent(trx, {
        actor: 'mailroom',
        name: 'account.differences-found',
        accountId,
        details: { ...found },
      });
    }
    return dueInMs;
  });
}

/**
 * Makes a reconciliation due at once, or another one after the running one. Signal the workflow afterwards (`tend`).
 */
export async function requestReconciliation(db: Queryable, accountId: string): Promise<void> {
  await db
    .insertInto('reconciliations')
    .values({ accountId })
    .onConflict((conflict) =>
      conflict.column('accountId').doUpdateSet({
        dueAt: sql`now()`,
        again: sql`reconciliations.started_at is not null`,
      }),
    )
    .execute();
}

/** Makes the next turn of a running reconciliation due at once. */
export async function hurryReconciliation(db: Queryable, accountId: string): Promise<void> {
  await db
    .updateTable('reconciliations')
    .set({ dueAt: sql<Date>`least(due_at, now())` })
    .where('accountId', '=', accountId)
    .execute();
}

/** Delays a reconciliation, or its next turn: drains come first. */
export async function postponeReconciliation(db: Queryable, accountId: string, delayMs: number): Promise<void> {
  await db
    .updateTable('reconciliations')
    .set({ dueAt: sql<Date>`now() + ${delayMs} * interval '1 millisecond'` })
    .where('accountId', '=', accountId)
    .execute();
}

export interface CompletenessView {
  /** The end of the last reconciliation; null: none has ended. */
  readonly comparedAt: Date | null;
  /** Its result: messages of the mailbox, and those of them that were captured after the repair or since. */
  readonly inMailbox: number | null;
  readonly inLedger: number | null;
  /** Messages that it found in quarantine, and that are still there. */
  readonly inQuarantine: number;
  /** Messages that had been missing. */
  readonly repaired: number;
  /** The start of the running reconciliation; null: none is running. */
  readonly startedAt: Date | null;
  /** So far. */
  readonly seen: number;
  readonly known: number;
  readonly dueAt: Date;
  /** Mail received earlier is not captured. */
  readonly captureFrom: Date | null;
  readonly leftOut: LeftOut;
}

const parkedBefore = sql`select count(*) from quarantine
  where quarantine.account_id = accounts.id and first_at <= reconciliations.finished_at`;

/** The account's completeness. Undefined when the account does not exist. */
export async function findCompleteness(db: Queryable, accountId: string): Promise<CompletenessView | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .where('accounts.id', '=', accountId)
    .select([
      'finishedAt as comparedAt',
      'inMailbox',
      'inLedger',
      'repaired',
      'startedAt',
      'seen',
      'known',
      reconciliationDueAt.as('dueAt'),
      'accounts.captureFrom',
      'receivedEarlier',
      sql<number>`(
        select count(*) from inbox_drafts draft where draft.account_id = accounts.id and not exists (
          select from captured where captured.account_id = draft.account_id and captured.graph_id = draft.graph_id
        )
      )`.as('drafts'),
      sql<number>`(select count(*) from copies where copies.account_id = accounts.id)`.as('copies'),
      sql<number>`(${parkedBefore} and state <> 'resolved')`.as('parked'),
      sql<number>`(${parkedBefore} and state = 'resolved' and last_at > finished_at)`.as('released'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { parked, released, repaired, seen, known, receivedEarlier, drafts, copies, ...view } = row;
  const { inMailbox, inLedger } = view;
  const leftOut = { 'received-earlier': receivedEarlier ?? undefined, draft: drafts, copy: copies };
  const found = { ...view, leftOut, repaired: repaired ?? 0, seen: seen ?? 0, known: known ?? 0 };
  if (inMailbox === null || inLedger === null) return { ...found, inQuarantine: 0 };
  // Some quarantined messages may have left the mailbox before it was compared.
  const captured = Math.min(inLedger + released, inMailbox);
  return { ...found, inLedger: captured, inQuarantine: Math.min(parked, inMailbox - captured) };
}
