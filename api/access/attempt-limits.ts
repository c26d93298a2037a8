import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { countAttempt, forgetAttempts, forgiveAttempt } from '../../database/people/attempt-counts.ts';
import { networkOf } from '../http/network-of.ts';
import { Problem } from '../http/problem.ts';

/**
 * What one network address may do within a minute, over all API processes. Behind one address may be an office in which
 * thousands come to work at the same minute: so what succeeds does not count in the end.
 */
const ATTEMPTS_PER_MINUTE = {
  /** Sign-ins that were begun, less those that succeeded. Each is a row in the database for ten minutes. */
  'sign-in': 600,
  /** Ways back from a provider that belong to no attempt, or end in a refusal. */
  'failed-way-back': 600,
  /** Who tries more keys than this has none; and who has one is not touched by others behind the same address. */
  'failed-key': 30,
} as const;
export type Attempt = keyof typeof ATTEMPTS_PER_MINUTE;

/** Limits on what strangers may try. */
export interface AttemptLimits {
  /** Counts an attempt. Throws `too-many-attempts` with Retry-After once there were too many. */
  count(attempt: Attempt, request: FastifyRequest): Promise<void>;
  /** Takes back an attempt that succeeded. */
  forgive(attempt: Attempt, request: FastifyRequest): Promise<void>;
}

/** Old counts are deleted this often, by every process that counts. */
const FORGET_EVERY_MS = 60_000;
/** Of origins that are over a limit: more than this at a time are not remembered, only counted. */
const REMEMBERED_AT_MOST = 10_000;

/**
 * Counts in PostgreSQL, so that more processes do not mean more attempts. An origin that is over a limit is remembered
 * here until its minute ends: a flood costs the database no more than the limit. When the database is away nothing is
 * counted, and nothing that is limited works either.
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
