/** Something of a topic is different now; without ids, anything of it may be. */
export interface Change {
  readonly topic: string;
  readonly ids?: readonly string[];
}

/** What of the pages shows something of each topic: first words of query keys. Keys of one account have its id second. */
const shownBy: Readonly<Record<string, readonly string[]>> = {
  accounts: ['accounts', 'account', 'sign-in-outcome'],
  routing: ['routing', 'account'],
  items: ['accounts', 'account', 'received', 'queues', 'item'],
  queues: ['queues', 'accounts', 'item'],
  users: ['users'],
  settings: ['settings', 'accounts', 'account'],
  me: ['me'],
};
const ofOneAccount = new Set(['account', 'routing', 'received', 'sign-in-outcome']);

/** True when what a query has read may be different after a change. */
export function concerns({ topic, ids }: Change, [first, second]: readonly unknown[]): boolean {
  const kind = String(first);
  if (!shownBy[topic]?.includes(kind)) return false;
  const isOfAccount = ofOneAccount.has(kind) && topic !== 'settings';
  return !isOfAccount || ids === undefined || ids.includes(String(second));
}
