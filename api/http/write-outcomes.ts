import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteWrites, noWrites, type WriteOutcome, type Writes } from '../../database/write-outcome.ts';
import { isFailure } from '../../domain/failure.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request has written so far. */
    writes: Writes;
  }
}

/** Methods that change nothing. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Tracks the writes of each request and their outcome, so that a refusal can report it. */
export function noteWritesOfRequests(app: FastifyInstance): void {
  app.decorateRequest('writes');
  app.addHook('onRequest', async (request) => {
    request.writes = noWrites();
  });
  app.addHook('preHandler', (request, _reply, done) => noteWrites(request.writes, done));
}

/** Refusals after a check at Microsoft, whose words say what was not done; that the check was noted is beside the point. */
const saysItself: ReadonlySet<string> = new Set(['settings-unchecked', 'application-not-checked']);

const words: Readonly<Record<'nothing' | 'unclear', string>> = {
  nothing: 'Nothing was changed.',
  unclear: 'It is not known whether this was carried out: read again what it was about before you repeat it.',
};

/** Adds to an outage's refusal whether anything was changed, as far as that is known. */
export function withOutcome(problem: Problem, { method, writes }: Pick<FastifyRequest, 'method' | 'writes'>): Problem {
  const { kind, reason, message, errors, facts, headers, cause } = problem;
  if (safe.has(method) || (kind !== 'unavailable' && kind !== 'unexpected')) return problem;
  if (saysItself.has(reason)) return problem;
  const outcome = isFailure(cause) && cause.isUnclear ? 'unclear' : outcomeOf(writes?.outcome ?? 'nothing');
  return new Problem(reason, `${message} ${words[outcome]}`, {
    kind,
    errors,
    headers,
    cause,
    facts: { ...facts, outcome },
  });
}

/** When something else fails after a write, the write may be part of the work or all of it; the client has to check. */
function outcomeOf(outcome: WriteOutcome): 'nothing' | 'unclear' {
  return outcome === 'nothing' ? 'nothing' : 'unclear';
}
