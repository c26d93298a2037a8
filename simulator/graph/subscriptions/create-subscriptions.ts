import type { DatabaseSync } from 'node:sqlite';
import { parseFilter, type Restriction } from '../parse-filter.ts';
import type { Subscription } from './subscription.ts';

/** A subscription with its parsed filter, which every change needs. */
export interface LiveSubscription extends Subscription {
  readonly restriction: Restriction | null;
}

/** The subscriptions of all mailboxes, in memory and in the database. Expired ones are not returned. */
export interface Subscriptions {
  add(subscription: Subscription): void;
  change(id: string, changes: Partial<Subscription>): LiveSubscription;
  remove(id: string): void;
  find(id: string): LiveSubscription | undefined;
  ofMailbox(mailboxId: number): readonly LiveSubscription[];
  list(): LiveSubscription[];
  /** Includes expired ones that were not accessed since; cheap to start. */
  all(): Iterable<LiveSubscription>;
}

const NONE: readonly LiveSubscription[] = [];

export function createSubscriptions(database: DatabaseSync): Subscriptions {
  database.exec(`
    CREATE TABLE IF NOT EXISTS graph_subscriptions (
      id TEXT PRIMARY KEY,
      content TEXT NOT NULL
    ) STRICT`);
  const insert = database.prepare('INSERT INTO graph_subscriptions (id, content) VALUES (?, ?)');
  const update = database.prepare('UPDATE graph_subscriptions SET content = ? WHERE id = ?');
  const forget = database.prepare('DELETE FROM graph_subscriptions WHERE id = ?');
  const byId = new Map<string, LiveSubscription>();
  const byMailbox = new Map<number, readonly LiveSubscription[]>();

  const othersOf = ({ id, mailboxId }: LiveSubscription): LiveSubscription[] =>
    (byMailbox.get(mailboxId) ?? NONE).filter((other) => other.id !== id);

  const remember = (subscription: Subscription): LiveSubscription => {
    const live = bringToLife(subscription);
    byId.set(live.id, live);
    byMailbox.set(live.mailboxId, [...othersOf(live), live]);
    return live;
  };

  const remove = (id: string): void => {
    const found = byId.get(id);
    if (!found) return;
    byId.delete(id);
    const others = othersOf(found);
    if (others.length > 0) byMailbox.set(found.mailboxId, others);
    else byMailbox.delete(found.mailboxId);
    forget.run(id);
  };

  /** Expiry causes no event: an expired subscription is removed on access. */
  const isAlive = ({ id, expiresAt }: LiveSubscription): boolean => {
    if (expiresAt > Date.now()) return true;
    remove(id);
    return false;
  };

  const find = (id: string): LiveSubscription | undefined => {
    const found = byId.get(id);
    return found && isAlive(found) ? found : undefined;
  };

  for (const row of database.prepare('SELECT content FROM graph_subscriptions ORDER BY rowid').all()) {
    remember(JSON.parse(String(row.content)) as Subscription);
  }

  return {
    add(subscription) {
      insert.run(subscription.id, JSON.stringify(subscription));
      remember(subscription);
    },

    change(id, changes) {
      const found = find(id);
      if (!found) throw new Error(`Subscription ${id} vanished`);
      const { restriction, ...before } = found;
      const after: Subscription = { ...before, ...changes };
      update.run(JSON.stringify(after), id);
      return remember(after);
    },

    remove,
    find,

    ofMailbox: (mailboxId) => byMailbox.get(mailboxId)?.filter(isAlive) ?? NONE,
    list: () => [...byId.values()].filter(isAlive),
    all: () => byId.values(),
  };
}

function bringToLife(subscription: Subscription): LiveSubscription {
  return {
    ...subscription,
    restriction: subscription.filter === null ? null : parseFilter(subscription.filter),
  };
}
