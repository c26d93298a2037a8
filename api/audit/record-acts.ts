import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Act, type ActingParty, type ActUnderWay, runAct } from '../../database/audit/act.ts';
import { addAuditEntry } from '../../database/audit/add-entry.ts';
import type { Database } from '../../database/database.ts';
import { asDatabaseFailure } from '../../database/database-failure.ts';
import type { AuditOutcome } from '../../domain/audit-act.ts';
import { describeError } from '../../process/describe-error.ts';
import { networkOf } from '../http/network-of.ts';
import { type RecordedRoute, recordedRoute } from './acts-of-routes.ts';
import { createRecentEntries } from './recent-entries.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request does, for the audit trail. */
    actUnderWay: ActUnderWay;
    /** Who tried, if the request was refused before it had a principal. */
    attemptedBy: ActingParty | null;
    /** The address that it came from: a connection that was ended has none any more. */
    cameFrom: string;
    /** Why it was refused. */
    refusedBecause: string | null;
  }
}

const UNKNOWN: ActingParty = { actor: 'unknown' };
/** Strangers can cause refusals; one entry a minute for each of them, act and reason. */
const REFUSED_ONCE_IN_MS = 60_000;
/** A network of attackers has many addresses. */
const ENTRIES_OF_STRANGERS_PER_MINUTE = 300;
/** An entry takes milliseconds. */
const REFUSAL_WAITS_MS = 500;
const KEY_USED_ONCE_IN_MS = 60 * 60_000;
/** Browser and system; what follows are details. */
const AGENT_CHARACTERS = 120;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Refusals that are attempts, on whichever route. */
const ATTEMPTS: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Records each request that changes something or shows mail, and refusals (decision 67). What a request writes is recorded
 * in the same transaction (`recordingActs`); a reading before its answer leaves; the rest after the handler.
 */
export function recordActs(app: FastifyInstance, db: Database): void {
  const recent = createRecentEntries();
  let strangersSinceMs = performance.now();
  let strangers = 0;

  app.decorateRequest('actUnderWay');
  app.decorateRequest('attemptedBy', null);
  app.decorateRequest('cameFrom', '');
  app.decorateRequest('refusedBecause', null);
  app.addHook('onRequest', async (request) => {
    request.actUnderWay = { act: undefined, isRecorded: false };
    // Ended before it was looked at, it has none.
    request.cameFrom = request.ip ?? '';
  });

  app.addHook('preHandler', async (request) => {
    const { principal } = request;
    if (principal?.kind !== 'key') return;
    const used = { ...actOf(request, { act: 'key.use', objectKind: 'key' }), objectId: principal.id };
    await addOnce({ ...used, objectName: principal.name }, KEY_USED_ONCE_IN_MS);
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const route = routeOf(request);
    if (!route || route.reads) return done();
    const act = actOf(request, route);
    if (route.onceInMs !== undefined && recent.has(` ${keyOf(act, 'done')}`)) return done();
    if (!route.actorIsFound) request.actUnderWay.act = act;
    runAct(request.actUnderWay, done);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const route = routeOf(request);
    const { statusCode } = reply;
    if (statusCode >= 400) {
      await recordRefusal(request, statusCode, route);
      return;
    }
    if (!route) return;
    const { act = actOf(request, route), isRecorded } = request.actUnderWay;
    if (isRecorded) {
      if (route.onceInMs !== undefined) recent.remember(` ${keyOf(act, 'done')}`, route.onceInMs);
      return;
    }
    // Not yet: the handler has not found out who it is, and so has done nothing.
    if (route.actorIsFound && !request.actUnderWay.act) return;
    try {
      const outcome = route.reads || route.onceInMs !== undefined ? 'done' : 'unchanged';
      const onceInMs = route.onceInMs ?? (outcome === 'unchanged' ? REFUSED_ONCE_IN_MS : undefined);
      if (onceInMs === undefined) await addAuditEntry(db, act, outcome);
      else await addOnce(act, onceInMs, outcome);
    } catch (error) {
      withdraw(reply, payload);
      throw asDatabaseFailure(error);
    }
  });

  async function addOnce(act: Act, onceInMs: number, outcome: AuditOutcome = 'done', refused?: Refused) {
    const { reason = null, route = '' } = refused ?? {};
    const key = `${route} ${keyOf(act, outcome, reason)}`;
    if (recent.has(key)) return;
    await addAuditEntry(db, act, outcome, reason);
    recent.remember(key, onceInMs);
  }

  /** Never fails: the request is refused anyway. */
  async function recordRefusal(request: FastifyRequest, status: number, route: RecordedRoute | undefined) {
    const reason = request.refusedBecause;
    const attempt = route ?? (ATTEMPTS.has(status) ? ({ act: 'route.use' } as const) : undefined);
    if (!attempt) return;
    const act = request.actUnderWay.act ?? actOf(request, attempt);
    const isStranger = act.actor === UNKNOWN.actor;
    // A request without credentials is no attempt: an old page that reads on, or a scanner.
    if (isStranger && reason === 'session-missing') return;
    if (isStranger && !admitsStranger()) return;
    const recorded = addOnce(act, REFUSED_ONCE_IN_MS, status >= 500 ? 'failed' : 'refused', {
      reason,
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
    }).catch((error: unknown) => {
      request.log.error({ reference: request.id, ...describeError(asDatabaseFailure(error)) }, 'audit.not-recorded');
    });
    // A database that stands still must not hold up the words for it; the entry is written when it goes on.
    const waited = new AbortController();
    await Promise.race([recorded, sleep(REFUSAL_WAITS_MS, undefined, { signal: waited.signal }).catch(() => {})]);
    waited.abort();
  }

  function admitsStranger(): boolean {
    if (performance.now() - strangersSinceMs > 60_000) {
      strangersSinceMs = performance.now();
      strangers = 0;
    }
    strangers += 1;
    return strangers <= ENTRIES_OF_STRANGERS_PER_MINUTE;
  }
}

interface Refused {
  readonly reason: string | null;
  /** Several routes may be the same act. */
  readonly route: string;
}

/** Says who acts, where a handler finds that out. What it writes from now on is recorded. */
export function nameActor(request: FastifyRequest, party: ActingParty, objectId?: string): void {
  const route = routeOf(request);
  if (route) request.actUnderWay.act = { ...actOf(request, route), ...party, ...(objectId && { objectId }) };
}

function routeOf({ method, routeOptions }: FastifyRequest): RecordedRoute | undefined {
  return routeOptions.url === undefined ? undefined : recordedRoute(method, routeOptions.url);
}

function actOf(request: FastifyRequest, { act, objectKind, id, reads }: RecordedRoute): Act {
  const { principal, attemptedBy, cameFrom, headers, method, routeOptions } = request;
  const party = principal
    ? {
        actor: principal.actor,
        actorName: principal.name,
        profile: principal.profile,
        sees: principal.isInTeams ? (principal.reach.queueIds ?? []) : null,
      }
    : (attemptedBy ?? UNKNOWN);
  const params = (request.params ?? {}) as Readonly<Record<string, string | undefined>>;
  const given = (id && params[id]) ?? '';
  // Whatever else stands in its place, such as an address, is not repeated.
  const objectId = uuid.test(given) ? given.toLowerCase() : null;
  const isOfRoute = act === 'route.use' || (reads && objectKind === undefined);
  const part = params.attachmentId !== undefined && uuid.test(params.attachmentId);
  return {
    act,
    ...party,
    address: cameFrom.slice(0, AGENT_CHARACTERS),
    agent: shownAgent(headers['user-agent']),
    requestId: request.id,
    objectKind: isOfRoute ? 'route' : (objectKind ?? null),
    objectId: isOfRoute ? `${method === 'HEAD' ? 'GET' : method} ${routeOptions.url ?? ''}` : objectId,
    objectName: part ? `attachment ${params.attachmentId}` : null,
  };
}

function shownAgent(agent: string | undefined): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strangers' bytes
  return agent?.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, AGENT_CHARACTERS) || null;
}

function keyOf(act: Act, outcome: AuditOutcome, reason: string | null = null): string {
  const { actor, address, objectId, objectName } = act;
  const from = actor === UNKNOWN.actor ? networkOf(address ?? '') : address;
  return JSON.stringify([act.act, outcome, reason, actor, from, objectId, objectName]);
}

/** Takes back an answer that was about to leave. */
function withdraw(reply: FastifyReply, payload: unknown): void {
  if (payload instanceof Readable) payload.destroy();
  for (const header of Object.keys(reply.getHeaders())) {
    if (/^(content-|etag|last-modified|accept-ranges|location|set-cookie)/i.test(header)) reply.removeHeader(header);
  }
}
