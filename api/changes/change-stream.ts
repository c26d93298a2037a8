import { Readable } from 'node:stream';
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

/** The part of a batch that a profile may see; of other people's objects only topic and ids. */
export function changesFor(principal: Pick<Principal, 'profile' | 'limits'>, batch: ChangeBatch): ToldChange[] {
  return (Object.keys(toldTopics) as ToldTopic[]).flatMap((topic) => {
    const ids = batch.get(topic);
    if (ids === undefined || !may(principal, toldTopics[topic])) return [];
    return [ids === 'all' ? { topic } : { topic, ids: [...ids] }];
  });
}

/** True when the batch may affect the principal: their profile, whether they may sign in, or their session. */
export function concerns({ kind, id }: Pick<Principal, 'kind' | 'id'>, batch: ChangeBatch): boolean {
  const ids = batch.get(kind === 'user' ? 'users' : 'keys');
  return ids === 'all' || ids?.has(id) === true;
}
