import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { countAttempt, forgetAttempts, forgiveAttempt } from '../../database/people/attempt-counts.ts';
import { networkOf } from '../http/network-of.ts';
import { Problem } from '../http/problem.ts';

/**
 * Attempts per minute and network address, over all API processes. An office with thousands of people may share one
 * address and start work in the same minute, so successful attempts are not counted in the end.
 */
const ATTEMPTS_PER_MINUTE = {
  /** Sign-ins started, minus those that succeeded. Each is a row in the database for ten minutes. */
  'sign-in': 600,
  /** Callbacks from a provider that match no attempt or end in a refusal. */
  'failed-way-back': 600,
  /**
   * A client that tries more keys than this does not have one. A valid key is not affected by other clients behind the
   * same address.
   */
  'failed-key': 30,
} as const;
export type Attempt = keyof typeof ATTEMPTS_PER_MINUTE;

/** Rate limits for unauthenticated requests. */
export interface AttemptLimits {
  /** Counts an attempt. Throws `too-many-attempts` with Retry-After above the limit. */
  count(attempt: Attempt, request: FastifyRequest): Promise<void>;
  /** Uncounts an attempt that succeeded. */
  forgive(attempt: Attempt, request: FastifyRequest): Promise<void>;
}

/** How often each process that counts deletes old counts. */
const FORGET_EVERY_MS = 60_000;
/** Origins over a limit that are remembered at a time; further ones are only counted. */
const REMEMBERED_AT_MOST = 10_000;

/**
 * Counts in PostgreSQL, so that more processes do not allow more attempts. An origin over its limit is also remembered
 * in memory until its minute ends, so a flood costs the database no more than the limit. Nothing is counted while the
 * database is away; nothing that is limited works then either.
 */
export function createAttemptLimits(
  db: Database,
  perMinute: Readonly<Record<Attempt, number>> = ATTEMPTS_PER_MINUTE,
): AttemptLimits {
  const overUntilMs = new Map<string, number>();
  let forgottenAtMs = performance.now();

  const originHash = (request: FastifyRequest) => createHash('sha256').update(networkOf(request.ip)).digest();
  const keyOf = (attempt: Attempt, origin: Buffer) => `${attempt} ${origin.toString('base64')}`;

  function refuse(attempt: Attempt, origin: Buffer): void {
    const untilMs = overUntilMs.get(keyOf(attempt, origin));
    if (untilMs === undefined) return;
    const leftMs = untilMs - performance.now();
    if (leftMs > 0) throw tooManyAttempts(leftMs);
    overUntilMs.delete(keyOf(attempt, origin));
  }

  async function forgetOld(): Promise<void> {
    if (performance.now() - forgottenAtMs < FORGET_EVERY_MS) return;
    forgottenAtMs = performance.now();
    for (const [key, untilMs] of overUntilMs) if (untilMs < forgottenAtMs) overUntilMs.delete(key);
    await forgetAttempts(db);
  }

  return {
    async count(attempt, request) {
      const origin = originHash(request);
      refuse(attempt, origin);
      const counted = await forgetOld()
        .then(() => countAttempt(db, attempt, origin))
        .catch(() => undefined);
      if (!counted) return;
      const { attempts, endsInMs } = counted;
      if (attempts <= perMinute[attempt]) return;
      if (overUntilMs.size < REMEMBERED_AT_MOST) overUntilMs.set(keyOf(attempt, origin), performance.now() + endsInMs);
      throw tooManyAttempts(endsInMs);
    },

    forgive: (attempt, request) => forgiveAttempt(db, attempt, originHash(request)),
  };
}

function tooManyAttempts(leftMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(leftMs / 1_000));
  return new Problem('too-many-attempts', 'Too many attempts from this address. Wait a minute, then try again.', {
    headers: { 'retry-after': String(seconds) },
  });
}
