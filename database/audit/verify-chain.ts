import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { type ChainEnd, readAnchor, START_OF_CHAIN } from './anchors.ts';
import { contentColumns, contentHash, sealHash } from './seal-entries.ts';

/**
 * What is wrong with the trail: `changed`, an entry is not as it was sealed; `missing`, entries or seals are gone;
 * `reordered`, an entry stands in the place of another; `seal-changed`, a seal does not continue the one before it; `cut-off`,
 * the end is gone; `end-unproved`, the encrypted end is gone or cannot be read; `unsealed`, entries never got a seal.
 */
export type ChainFault =
  | 'changed'
  | 'missing'
  | 'reordered'
  | 'seal-changed'
  | 'cut-off'
  | 'end-unproved'
  | 'start-unproved'
  | 'unexpected-end'
  | 'unsealed';

export interface ChainProblem {
  readonly fault: ChainFault;
  /** The first number of the chain that it concerns. */
  readonly number: number;
  readonly entryId?: number | undefined;
}

export interface Verification {
  /** Entries that were checked. */
  readonly checked: number;
  readonly end: ChainEnd;
  /** Entries without a seal; they have none for about a second. */
  readonly waiting: number;
  /** The first thing that is wrong; undefined: all is as it was written. */
  readonly problem: ChainProblem | undefined;
}

const SEALS_AT_A_TIME = 5_000;
/** An entry that is older has missed its turn. */
const SEALED_WITHIN_MINUTES = 10;

/**
 * Reads the whole trail in one snapshot, and computes all hashes again. `expected`: a number and hash that were logged
 * or streamed, which the chain must still have.
 */
export async function verifyChain(db: Database, keys: KeyRing, expected?: ChainEnd): Promise<Verification> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      await sql`set local statement_timeout = '10min'`.execute(trx);
      const start = await readAnchor(trx, keys, 'start');
      const head = await readAnchor(trx, keys, 'head');
      const { rows } = await sql<{ kinds: string[]; waiting: number; late: number | null }>`
        select (select coalesce(array_agg(kind), '{}') from audit_anchors) as kinds,
          (select count(*) from audit_entries e where not exists (select from audit_seals s where s.entry_id = e.id))
            as waiting,
          (select min(id) from audit_entries e where at < now() - ${SEALED_WITHIN_MINUTES} * interval '1 minute'
            and not exists (select from audit_seals s where s.entry_id = e.id)) as late`.execute(trx);
      const { kinds = [], waiting = 0, late = null } = rows[0] ?? {};

      let end = start ?? START_OF_CHAIN;
      let checked = 0;
      const report = (fault: ChainFault, number: number, entryId?: number): Verification => {
        return { checked, end, waiting, problem: { fault, number, entryId } };
      };
      if (kinds.includes('start') && !start) return report('start-unproved', 1);
      let isExpectedFound = expected === undefined || expected.number <= end.number;
      for (;;) {
        const seals = await trx
          .selectFrom('auditSeals')
          .leftJoin('auditEntries', 'auditEntries.id', 'auditSeals.entryId')
          .where('auditSeals.number', '>', end.number)
          .select([
            'auditSeals.number',
            'auditSeals.entryId',
            'auditSeals.content',
            'auditSeals.hash',
            'auditEntries.id',
            contentColumns.as('text'),
          ])
          .orderBy('auditSeals.number')
          .limit(SEALS_AT_A_TIME)
          .execute();
        for (const { number, entryId, content, hash, id, text } of seals) {
          if (number !== end.number + 1) return report('missing', end.number + 1);
          if (id === null) return report('missing', number, entryId);
          const found = contentHash(text);
          if (!found.equals(content)) {
            const elsewhere = await trx
              .selectFrom('auditSeals')
              .where('content', '=', found)
              .select('number')
              .limit(1)
              .executeTakeFirst();
            return report(elsewhere ? 'reordered' : 'changed', number, entryId);
          }
          if (!sealHash(end.hash, number, entryId, content).equals(hash))
            return report('seal-changed', number, entryId);
          end = { number, hash };
          checked += 1;
          if (expected?.number === number) {
            if (!expected.hash.equals(hash)) return report('unexpected-end', number, entryId);
            isExpectedFound = true;
          }
        }
        if (seals.length < SEALS_AT_A_TIME) break;
      }
      if (head && head.number > end.number) return report('cut-off', end.number + 1);
      if (head && head.number === end.number && !head.hash.equals(end.hash)) return report('seal-changed', end.number);
      if ((!head && end.number > 0) || (head && head.number < end.number)) return report('end-unproved', end.number);
      if (!isExpectedFound) return report('cut-off', end.number + 1);
      if (late !== null) return report('unsealed', end.number + 1, late);
      return { checked, end, waiting, problem: undefined };
    });
}
