import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { forgetEntries } from '../database/audit/forget-entries.ts';
import { hasUnsealed, sealEntries } from '../database/audit/seal-entries.ts';
import type { Database } from '../database/database.ts';
import type { KeyRing } from '../encryption/key-ring.ts';
import { createTroubleLog } from './trouble-log.ts';

/** How long an entry is without a seal. */
const SEAL_EVERY_MS = 1_000;
const FULL_BATCH = 1_000;
/** The log is a copy of the chain's end that the database cannot change. */
const LOG_END_EVERY_MS = 60 * 60_000;
const FORGET_EVERY_MS = 60_000;

export interface AuditChainOptions {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly logger: Logger;
  /** How many days entries are kept. */
  readonly keptDays: number;
}

/**
 * Seals the entries of the audit trail, logs the end of the chain once an hour, and deletes entries that are too old
 * (decision 67). Any number of workers may. Returns a function that stops it.
 */
export function startAuditChain({ db, keys, logger, keptDays }: AuditChainOptions): () => Promise<void> {
  const ended = new AbortController();
  const rest = (ms: number) => sleep(ms, undefined, { signal: ended.signal }).catch(() => {});
  const trouble = createTroubleLog(logger, 'audit.could-not-seal');
  let logDueAt = 0;
  let forgetDueAt = 0;

  async function sealSome(): Promise<number> {
    const isOtherwiseDue = Date.now() >= Math.min(logDueAt, forgetDueAt);
    if (!isOtherwiseDue && !(await hasUnsealed(db))) return 0;
    const result = await sealEntries(db, keys);
    if (!result) return 0;
    const { sealed, head } = result;
    if (Date.now() >= logDueAt && head.number > 0) {
      logDueAt = Date.now() + LOG_END_EVERY_MS;
      logger.info({ end: `${head.number}:${head.hash.toString('hex')}` }, 'audit.end-of-chain');
    }
    if (Date.now() >= forgetDueAt && (await forgetEntries(db, keys, keptDays)) === 0) {
      forgetDueAt = Date.now() + FORGET_EVERY_MS;
    }
    return sealed;
  }

  async function seal(): Promise<number> {
    try {
      const sealed = await sealSome();
      trouble.worked();
      return sealed;
    } catch (error) {
      if (!ended.signal.aborted) trouble.failed(error);
      return 0;
    }
  }

  async function work(): Promise<void> {
    while (!ended.signal.aborted) {
      if ((await seal()) < FULL_BATCH) await rest(SEAL_EVERY_MS);
    }
  }
  const working = work();
  return async () => {
    ended.abort();
    await working;
  };
}
