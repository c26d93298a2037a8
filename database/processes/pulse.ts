import { randomUUID } from 'node:crypto';
import type { DatabaseReason, KeyReason } from '../../domain/health.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { databaseProblem } from '../database-failure.ts';
import { pollAllOnce } from '../ingest/watches.ts';
import type { ProcessKind } from '../schema.ts';
import { findKeyProblem, type KeyProblem } from './key-proof.ts';
import { type Others, signLife, signOff } from './processes.ts';

/** Whether a process can use the database and decrypt its contents. */
export interface Footing {
  /** Undefined: it can. */
  readonly problem: FootingProblem | undefined;
  /** Start of this state. */
  readonly since: Date;
}

export interface FootingProblem {
  readonly reason: DatabaseReason | KeyReason;
  /** SQLSTATE, or the error code of the operating system. */
  readonly code?: string | undefined;
  /** The wrong or missing key. */
  readonly keyId?: string | undefined;
}

export interface Pulse {
  /** The current footing; checks it unless the last answer is a moment old. Never throws. */
  check(): Promise<Footing>;
  /** The result of the last heartbeat, without a check. Undefined before the first. */
  latest(): Footing | undefined;
  /** Ends, and signs the process off. */
  stop(): Promise<void>;
}

export interface PulseOptions {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly kind: ProcessKind;
  /** The footing was lost, has changed, or was restored. */
  readonly onChange: (footing: Footing) => void;
  /** The keys cannot be those of this database: the process must not work. Only called before the first success. */
  readonly onRefused: (problem: KeyProblem) => void;
}

/** A sixth of the time after which a process counts as silent. */
const BEAT_EVERY_MS = 5_000;
/** While there is trouble: notices its end soon. */
const BEAT_IN_TROUBLE_MS = 2_000;
/** An orchestrator asks every few seconds; a slower answer counts as none. */
const ANSWER_WITHIN_MS = 2_000;
/** Scanning the tokens of ten thousand accounts takes a tenth of a second. */
const TOKENS_EVERY_MS = 60_000;
/** Callers within this time share one answer. */
const FRESH_FOR_MS = 1_000;

/**
 * The heartbeat of a process, every five seconds: a real write and a real decryption. It determines readiness, the
 * health that others see, which key encrypts during a key roll-out, and makes every mailbox due once after an outage.
 */
export function startPulse({ db, keys, kind, onChange, onRefused }: PulseOptions): Pulse {
  const id = randomUUID();
  let footing: Footing | undefined;
  let beatenAtMs = Number.NEGATIVE_INFINITY;
  let tokensAtMs = Number.NEGATIVE_INFINITY;
  let beating: Promise<Footing> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isProved = false;
  let isStopped = false;

  async function ask(): Promise<FootingProblem | undefined> {
    let others: Others;
    try {
      const withTokens = footing?.problem !== undefined || performance.now() - tokensAtMs > TOKENS_EVERY_MS;
      const trouble = await findKeyProblem(db, keys, { withTokens });
      if (withTokens) tokensAtMs = performance.now();
      if (trouble && !isProved && isFatal(trouble)) onRefused(trouble);
      others = await signLife(db, { id, kind, keyIds: keys.keyIds, problem: trouble?.reason });
      // The newest key encrypts as soon as every live process can decrypt with it.
      keys.encryptWith(others.sharedKeyIds[0] ?? (keys.keyIds[0] as string));
      const isFirst = !isProved;
      isProved = true;
      if (footing?.problem !== undefined || (isFirst && kind === 'api' && others.alike === 0)) await pollAllOnce(db);
      return trouble && { reason: trouble.reason, keyId: trouble.keyId };
    } catch (error) {
      return databaseProblem(error);
    }
  }

  function note(problem: FootingProblem | undefined): Footing {
    const before = footing;
    const isSame = before && before.problem?.reason === problem?.reason && before.problem?.code === problem?.code;
    if (isSame) return before;
    footing = { problem, since: before?.problem && problem ? before.since : new Date() };
    if (before !== undefined || problem !== undefined) onChange(footing);
    return footing;
  }

  function beat(): Promise<Footing> {
    beating ??= ask()
      .then((problem) => note(problem))
      .finally(() => {
        beating = undefined;
        beatenAtMs = performance.now();
        if (isStopped) return;
        clearTimeout(timer);
        timer = setTimeout(beat, footing?.problem ? BEAT_IN_TROUBLE_MS : BEAT_EVERY_MS);
      });
    return beating;
  }

  void beat();
  return {
    latest: () => footing,
    async check() {
      if (footing && performance.now() - beatenAtMs < FRESH_FOR_MS) return footing;
      let late: NodeJS.Timeout | undefined;
      const silence = new Promise<Footing>((resolve) => {
        late = setTimeout(() => resolve(note({ reason: 'database-down', code: 'timeout' })), ANSWER_WITHIN_MS);
      });
      return await Promise.race([beat(), silence]).finally(() => clearTimeout(late));
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await beating?.catch(() => {});
      clearTimeout(timer);
      await signOff(db, id).catch(() => {});
    },
  };
}

/** A missing key that no process has may be lost for good: then the process works with what it can decrypt. */
function isFatal(problem: KeyProblem): boolean {
  return problem.reason === 'key-wrong' || problem.isHeldElsewhere;
}
