import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/**
 * Audit events: who did what, and what happened to an account without a command. Past tense; stored as written here:
 * never rename one.
 */
export const eventNames = [
  'account.added',
  'account.sign-in-started',
  'account.sign-in-expired',
  'account.sign-in-refused',
  'account.sign-in-needed',
  'account.sign-in-restored',
  'account.authenticated',
  'account.address-changed',
  'account.paused',
  'account.resumed',
  'account.resynced',
  'account.push-started',
  'account.push-failed',
  'account.rest-changed',
  'account.mailbox-full',
  'account.mailbox-has-room',
  'account.delta-set-aside',
  'account.delta-resumed',
  'account.comparison-requested',
  'account.differences-found',
  'account.routing-changed',
  'account.quarantine-retried',
  'account.unqueued-routed',
  'account.workflow-renewed',
  'account.workflow-ended',
  'account.removed',
  'settings.changed',
  'settings.secret-expires',
  'settings.certificate-expires',
  'settings.certificate-made',
  'settings.certificate-deleted',
  'settings.fault-found',
  'settings.fault-cleared',
  'queue.added',
  'queue.changed',
  'queue.removed',
  'item.taken-back',
  'answer.taken-over',
  'answer.retried',
  'answer.marked-sent',
  'answer.discarded',
  'account.sending-changed',
  'settings.sending-changed',
  'settings.allowed-addresses-changed',
  'item.parked',
  'item.unparked',
  'item.moved',
  'item.separated',
  'item.reopened',
  'item.reopened-by-mail',
  'item.tagged',
  'item.offered',
  'item.offer-accepted',
  'item.offer-declined',
  'item.offer-missed',
  'item.offer-withdrawn',
  'account.ended-by-owner',
  'account.access-changed',
  'settings.application-access-changed',
  'settings.application-scope-proved',
  'settings.application-scope-refuted',
  'team.added',
  'team.changed',
  'team.removed',
  'user.added',
  'user.changed',
  'user.removed',
  'user.bound',
  'user.signed-in',
  'user.signed-out',
  'user.sessions-ended',
  'user.signed-out-by-provider',
  'user.mapped',
  'user.kept-administrator',
  'sign-on-settings.changed',
  'session-limits.changed',
  'api-key.created',
  'api-key.revoked',
  'api-key.expires',
  'retention.changed',
  'hold.placed',
  'hold.lifted',
  'erasure.requested',
  'erasure.finished',
  'mail.exported',
] as const;
export type EventName = (typeof eventNames)[number];

export interface NewEvent {
  /** `user:<id>`, `key:<id>`, `cli`, `temporal` or `mailroom`. */
  readonly actor: string;
  readonly name: EventName;
  readonly accountId?: string | undefined;
  /** The queue, user, key or item that the event is about. */
  readonly targetId?: string | undefined;
  /** Plain JSON: ids, words of closed lists, counts. Neither mail nor secrets. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Records an event. Call it in the transaction of the change, so that both are stored or neither is. */
export async function recordEvent(db: Queryable, event: NewEvent): Promise<void> {
  const { actor, name, accountId, targetId, details } = event;
  await db
    .insertInto('events')
    .values({
      actor,
      name,
      accountId: accountId ?? null,
      targetId: targetId ?? null,
      details: details === undefined ? undefined : JSON.stringify(details),
    })
    .execute();
}

export interface AccountEvent {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  /** The current name of the person or key; null when it is gone, or the actor is neither. */
  readonly actorName: string | null;
  readonly name: EventName;
  readonly details: Readonly<Record<string, unknown>>;
  /** Who signed in, if the sign-in was refused. */
  readonly signedInAs: string | null;
  /** The account that already reads the mailbox, if a sign-in was refused because of it. */
  readonly connectedAs: string | null;
}

/** Events of an account, newest first. `before`: only events older than this id. */
export async function listAccountEvents(
  db: Queryable,
  accountId: string,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<readonly AccountEvent[]> {
  const rows = await db
    .selectFrom('events')
    .leftJoin('signIns', 'signIns.id', 'events.targetId')
    .where('events.accountId', '=', accountId)
    .$if(before !== undefined, (query) => query.where('events.id', '<', before as number))
    .select([
      'events.id',
      'at',
      'actor',
      actorName('events.actor').as('actorName'),
      'name',
      'details',
      'signIns.signedInAs',
      'signIns.connectedAs',
    ])
    .orderBy('events.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ name, ...row }) => ({ ...row, name: name as EventName }));
}

/** Events of one item, newest first. */
export async function listItemEvents(
  db: Queryable,
  itemId: string,
  limit: number,
): Promise<readonly Pick<AccountEvent, 'id' | 'at' | 'actor' | 'actorName' | 'name' | 'details'>[]> {
  const rows = await db
    .selectFrom('events')
    .where('targetId', '=', itemId)
    .where('name', 'like', sql.lit('item.%'))
    .select(['id', 'at', 'actor', actorName('events.actor').as('actorName'), 'name', 'details'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ name, ...row }) => ({ ...row, name: name as EventName }));
}
