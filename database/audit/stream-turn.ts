import { sql } from 'kysely';
import type { Database } from '../database.ts';

/**
 * Takes or keeps the turn to send the trail for so long, counted by PostgreSQL's clock. Returns the number of the last seal
 * that the receiver confirmed; undefined: it is the turn of another sender.
 */
export async function takeStreamTurn(db: Database, sender: string, turnMs: number): Promise<number | undefined> {
  const row = await db
    .updateTable('auditStream')
    .set({ sender, turnUntil: sql<Date>`now() + ${turnMs} * interval '1 millisecond'` })
    .where((eb) =>
      eb.or([eb('sender', '=', sender), eb('turnUntil', 'is', null), eb('turnUntil', '<', sql<Date>`now()`)]),
    )
    .returning('number')
    .executeTakeFirst();
  return row?.number;
}

/** Another sender may begin at once. */
export async function endStreamTurn(db: Database, sender: string): Promise<void> {
  await db
    .updateTable('auditStream')
    .set({ sender: null, turnUntil: sql<Date>`now()` })
    .where('sender', '=', sender)
    .execute();
}

/** The receiver has everything up to this seal, but for what it rejected for good. */
export async function confirmStreamed(
  db: Database,
  sender: string,
  { number, rejected }: { readonly number: number; readonly rejected: number },
): Promise<void> {
  await db
    .updateTable('auditStream')
    .set((eb) => ({
      number,
      confirmedAt: sql<Date>`now()`,
      rejected: eb('rejected', '+', rejected),
      problem: null,
      failingSince: null,
    }))
    .where('sender', '=', sender)
    .where('number', '<', number)
    .execute();
}

/** The receiver did not accept anything; `problem` is a word of `domain/audit-stream.ts`. */
export async function noteStreamProblem(db: Database, sender: string, problem: string): Promise<void> {
  await db
    .updateTable('auditStream')
    .set({ problem, failingSince: sql<Date>`coalesce(failing_since, now())` })
    .where('sender', '=', sender)
    .execute();
}
