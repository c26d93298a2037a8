import { sql } from 'kysely';
import type { FailureReason } from '../../domain/failure.ts';
import { QUARANTINE_RETRY_MS, RETRIES_LATER_BY, RETRY_AT_LEAST_EVERY_MS } from '../../domain/schedule.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { Queryable } from '../database.ts';
import type { MessagePreview } from '../schema.ts';

/** A message that could not be captured, and why. */
export interface RejectedMessage {
  readonly graphId: string;
  readonly reason: FailureReason;
  readonly code?: string | undefined;
  /** What could be read of the message. */
  readonly preview?: MessagePreview | undefined;
}

/** Longer texts of a preview are cut: it identifies the message, it does not replace it. */
const PREVIEW_CHARACTERS = 500;

/**
 * Reasons that may end without us, by the mail server or its administrator. A text that PostgreSQL refuses never
 * changes.
 */
const healsByItself: ReadonlySet<FailureReason> = new Set(['unreadable', 'too-large']);

/** Quarantines messages, or counts another failed attempt of quarantined ones. */
export async function parkMessages(
  db: Queryable,
  accountId: string,
  folder: string,
  rejected: readonly RejectedMessage[],
  captureFrom: Date | null = null,
): Promise<void> {
  if (rejected.length === 0) return;
  await db
    .insertInto('quarantine')
    .values(
      rejected.map(({ graphId, reason, code, preview }) => ({
        accountId,
        folder,
        graphId,
        reason,
        code: code ?? null,
        preview: preview ? storablePreview(preview) : null,
        captureFrom,
        retryAt: healsByItself.has(reason)
          ? sql<Date>`now() + ${QUARANTINE_RETRY_MS} * interval '1 millisecond'`
          : null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'graphId']).doUpdateSet({
        reason: (select) => select.ref('excluded.reason'),
        code: (select) => select.ref('excluded.code'),
        preview: sql`coalesce(excluded.preview, quarantine.preview)`,
        attempts: sql`quarantine.attempts + 1`,
        retryAt: sql`case when excluded.retry_at is not null then now() + least(
          ${RETRY_AT_LEAST_EVERY_MS}::float8,
          ${QUARANTINE_RETRY_MS} * power(${RETRIES_LATER_BY}::float8, least(quarantine.attempts, 10))
        ) * interval '1 millisecond' end`,
        state: 'parked',
        lastAt: sql`now()`,
      }),
    )
    .execute();
}

/** The preview as JSON that PostgreSQL accepts, whatever it refused the message for. */
function storablePreview(preview: MessagePreview): string {
  return JSON.stringify(preview, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value.slice(0, PREVIEW_CHARACTERS)) : value,
  );
}

/** A quarantined message to try again. */
export interface MessageToRetry {
  readonly graphId: string;
  /** A person asked for it, so it is captured however old it is; otherwise only if received since `captureFrom`. */
  readonly isWanted: boolean;
  /** The account's `captureFrom` when the message was quarantined. */
  readonly captureFrom: Date | null;
}

const isDue = sql<boolean>`(quarantine.state = 'parked' and quarantine.retry_at <= now())`;

/** For queries of the quarantine. */
export const isToBeRetried = sql<boolean>`(quarantine.state = 'retrying' or ${isDue})`;

/** Messages that a person asked to try again, or whose retry is due. */
export async function listRetrying(
  db: Queryable,
  accountId: string,
  which: 'wanted' | 'due',
  limit: number,
): Promise<readonly MessageToRetry[]> {
  return await db
    .selectFrom('quarantine')
    .select(['graphId', sql<boolean>`state = 'retrying'`.as('isWanted'), 'captureFrom'])
    .where('accountId', '=', accountId)
    .where(which === 'wanted' ? sql<boolean>`state = 'retrying'` : isDue)
    .orderBy('firstAt')
    .limit(limit)
    .execute();
}

/** Releases messages that are not to be captured, or are captured under another id. */
export async function releaseMessages(db: Queryable, accountId: string, graphIds: readonly string[]): Promise<void> {
  if (graphIds.length === 0) return;
  await db
    .updateTable('quarantine')
    .set({ state: 'resolved', preview: null, lastAt: sql`now()` })
    .where('accountId', '=', accountId)
    .where('graphId', '=', sql<string>`any(${graphIds})`)
    .where('state', '<>', 'resolved')
    .execute();
}
