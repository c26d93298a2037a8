import { Readable } from 'node:stream';
import type { Queryable } from '../../database/database.ts';
import { itemsWithin } from '../../database/people/reach.ts';
import { type Reach, reachesQueue } from '../../domain/reach.ts';
import type { Permission } from '../../domain/security-profile.ts';
import { may, type Principal } from '../access/principal.ts';
import type { ChangeBatch } from './change-feed.ts';

/** The topics of the stream, and the permission that each needs. */
export const toldTopics = {
  accounts: 'accounts.read',
  routing: 'routing.read',
  queues: 'queues.read',
  items: 'items.read',
  answers: 'items.read',
  presence: 'items.read',
  offers: 'items.work',
  users: 'users.read',
  settings: 'settings.read',
} as const satisfies Record<string, Permission>;
type ToldTopic = keyof typeof toldTopics;

/** How long a browser waits before it reconnects, in milliseconds. */
const RETRY_MS = 2_000;
/**
 * A client with this much unread (bytes) will not catch up: the stream ends, and the client reconnects and re-reads
 * everything.
 */
const MOST_UNREAD = 64 * 1_024;

/**
 * Server-sent events for one client (https://html.spec.whatwg.org/multipage/server-sent-events.html): `ready` once,
 * `changes` with topics and ids, and `signed-out` at the end of the session. Ends when the client falls behind.
 */
export class ChangeStream extends Readable {
  constructor() {
    super({ read() {} });
    this.push(`retry: ${RETRY_MS}\n\n`);
    this.tell('ready', {});
  }

  tell(event: 'ready' | 'changes' | 'signed-out', data: object): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Sends a comment, so that proxies do not close an idle connection. */
  beat(): void {
    this.write(': beat\n\n');
  }

  end(): void {
    if (!this.readableEnded && !this.destroyed) this.push(null);
  }

  private write(text: string): void {
    if (this.readableEnded || this.destroyed) return;
    if (this.readableLength > MOST_UNREAD) this.destroy();
    else this.push(text);
  }
}

export interface ToldChange {
  readonly topic: ToldTopic | 'me';
  /** Undefined: any object of the topic. */
  readonly ids?: readonly string[];
}

/**
 * The part of a batch that a principal may see; of other people's objects only topic and ids. Who sees only some queues
 * gets no ids of others, and learns of items only that some changed: the notice names their account.
 */
export async function changesFor(db: Queryable, principal: Principal, batch: ChangeBatch): Promise<ToldChange[]> {
  const { reach } = principal;
  const told: ToldChange[] = [];
  for (const topic of Object.keys(toldTopics) as ToldTopic[]) {
    const ids = batch.get(topic);
    if (ids === undefined || !may(principal, toldTopics[topic])) continue;
    // Who is offered what, and who is away, is for that person.
    if (topic === 'offers') {
      if (ids === 'all' || ids.has(principal.id)) told.push({ topic });
      continue;
    }
    if (ids === 'all' || (topic === 'items' && reach.queueIds !== undefined)) {
      told.push({ topic });
      continue;
    }
    const seen = await within(db, reach, topic, [...ids]);
    if (seen.length > 0) told.push({ topic, ids: seen });
  }
  return told;
}

async function within(
  db: Queryable,
  reach: Reach,
  topic: ToldTopic,
  ids: readonly string[],
): Promise<readonly string[]> {
  switch (topic) {
    case 'queues':
      return reach.accountIds === undefined ? ids.filter((id) => reachesQueue(reach, id)) : [];
    case 'answers':
    case 'presence':
      return await itemsWithin(db, ids, reach);
    case 'accounts':
    case 'routing':
    case 'items':
      return ids.filter((id) => reach.accountIds?.includes(id) ?? true);
    default:
      return ids;
  }
}

/** True when the batch may affect the principal: their profile, whether they may sign in, or their session. */
export function concerns({ kind, id }: Pick<Principal, 'kind' | 'id'>, batch: ChangeBatch): boolean {
  const ids = batch.get(kind === 'user' ? 'users' : 'keys');
  return ids === 'all' || ids?.has(id) === true;
}
