import { CompiledQuery } from 'kysely';
import type { AuditOutcome } from '../../domain/audit-act.ts';
import type { Queryable } from '../database.ts';
import { withoutNotes } from '../write-outcome.ts';
import { type Act, outsideOfAct } from './act.ts';
import { ENTRY_OF_ACT, valuesOfEntry } from './entry-of-act.ts';

/** Adds an entry for what no transaction of its own wrote: a reading, a refusal, or an act that changed nothing. */
export async function addAuditEntry(
  db: Queryable,
  act: Act,
  outcome: AuditOutcome,
  reason: string | null = null,
): Promise<void> {
  const values = [...valuesOfEntry(act, outcome, reason), true];
  await outsideOfAct(() => withoutNotes(() => db.executeQuery(CompiledQuery.raw(ENTRY_OF_ACT, values))));
}
