import { randomUUID } from 'node:crypto';
import type { DatabaseReason, KeyReason } from '../../domain/health.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { databaseProblem } from '../database-failure.ts';
import { ringAll } from '../ingest/watches.ts';
import type { ProcessKind } from '../schema.ts';
import { findKeyProblem, type KeyProblem } from './key-proof.ts';
import { type Others, signLife, signOff } from './processes.ts';

/** Whether a process can use the database and read what is stored in it. */
export interface Footing {
  /** Undefined: it can. */
  readonly problem: FootingProblem | undefined;
  /** Since when it is so. */
  readonly since: Date;
}

export interface FootingProblem {
  readonly reason: DatabaseReason | KeyReason;
  /** SQLSTATE, or the code of the operating system. */
  readonly code?: string | undefined;
  /** The key that is wrong or missing. */
  readonly keyId?: string | undefined;
}

export interface Pulse {
  /** How it is at this moment; asks unless the last answer is a moment old. Never throws. */
  check(): Promise<Footing>;
  /** What the last beat found, without asking. Undefined before the first. */
  latest(): Footing | undefined;
  /** Ends, and says so. */
  stop(): Promise<void>;
}

export interface PulseOptions {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly kind: ProcessKind;
  /** The footing was lost, is another, or was found again. */
  readonly onChange: (footing: Footing) => void;
  /** The keys cannot be those of this database: the process is not to work. Asked before the first success. */
  readonly onRefused: (problem: KeyProblem) => void;
}

/** A sixth of what counts as silence. */
const BEAT_EVERY_MS = 5_000;
/** While there is trouble: its end is noticed soon. */
const BEAT_IN_TROUBLE_MS = 2_000;
/** An orchestrator asks every few seconds; an answer that takes longer is none. */
const ANSWER_WITHIN_MS = 2_000;
/** The tokens of ten thousand accounts are looked through in a tenth of a second. */
const TOKENS_EVERY_MS = 60_000;
/** Many who ask at once are answered together. */
const FRESH_FOR_MS = 1_000;

/**
 * The sign of life of a process, every five seconds: a real write, and a real decryption. From it follow readiness, the
 * health that others see, which key encrypts while a new one is rolled out, and that everything rings once after an outage.
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
      // The newest key encrypts as soon as every process that lives can decrypt it.
      keys.encryptWith(others.sharedKeyIds[0] ?? (keys.keyIds[0] as string));
      const isFirst = !isProved;
      isProved = true;
      if (footing?.problem !== undefined || (isFirst && kind === 'api' && others.alike === 0)) await ringAll(db);
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

/** A missing key that no process holds may be lost for good: then the process works with what it can read. */
function isFatal(problem: KeyProblem): boolean {
  return problem.reason === 'key-wrong' || problem.isHeldElsewhere;
}
