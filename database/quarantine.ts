import { sql } from 'kysely';
import type { FailureReason } from '../domain/failure.ts';
import { storableText } from '../domain/storable-text.ts';
import type { Queryable } from './database.ts';
import type { MessagePreview } from './schema.ts';

/** A message that could not be captured, and why. */
export interface RejectedMessage {
  readonly graphId: string;
  readonly reason: FailureReason;
  readonly code?: string | undefined;
  /** What could be read of it. */
  readonly preview?: MessagePreview | undefined;
}

/** Longer texts of a preview are cut: it shows which message it is, not what it says. */
const PREVIEW_CHARACTERS = 500;

/** Parks messages, or counts another failed attempt of ones that are parked. */
export async function parkMessages(
  db: Queryable,
  accountId: string,
  folder: string,
  rejected: readonly RejectedMessage[],
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
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'graphId']).doUpdateSet({
        reason: (select) => select.ref('excluded.reason'),
        code: (select) => select.ref('excluded.code'),
        preview: sql`coalesce(excluded.preview, quarantine.preview)`,
        attempts: sql`quarantine.attempts + 1`,
        state: 'parked',
        lastAt: sql`now()`,
      }),
    )
    .execute();
}

/** As JSON that PostgreSQL takes, whatever it was for which the message was refused. */
function storablePreview(preview: MessagePreview): string {
  return JSON.stringify(preview, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value.slice(0, PREVIEW_CHARACTERS)) : value,
  );
}

/** Messages for which a person asked to try again. */
export async function listRetrying(db: Queryable, accountId: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('quarantine')
    .select('graphId')
    .where('accountId', '=', accountId)
    .where('state', '=', 'retrying')
    .orderBy('firstAt')
    .limit(limit)
    .execute();
  return rows.map(({ graphId }) => graphId);
}
