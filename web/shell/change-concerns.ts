/** A change of a topic; without ids, any object of it may have changed. */
export interface Change {
  readonly topic: string;
  readonly ids?: readonly string[];
}

/** Which pages show each topic: first words of query keys. The second word of an account's keys is its id. */
const shownBy: Readonly<Record<string, readonly string[]>> = {
  accounts: ['accounts', 'account', 'sign-in-outcome'],
  routing: ['routing', 'account'],
  items: ['accounts', 'account', 'received', 'queues', 'item'],
  answers: ['answers', 'item'],
  queues: ['queues', 'accounts', 'item'],
  users: ['users'],
  settings: ['settings', 'accounts', 'account'],
  me: ['me'],
};
const ofOneAccount = new Set(['account', 'routing', 'received', 'sign-in-outcome']);

/** True when a change may affect the result of a query. */
export function concerns({ topic, ids }: Change, [first, second]: readonly unknown[]): boolean {
  const kind = String(first);
  if (!shownBy[topic]?.includes(kind)) return false;
  const isOfAccount = ofOneAccount.has(kind) && topic !== 'settings';
  return !isOfAccount || ids === undefined || ids.includes(String(second));
}
