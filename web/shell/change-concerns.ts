/** A change of a topic; without ids, any object of it may have changed. */
export interface Change {
  readonly topic: string;
  readonly ids?: readonly string[];
}

/** Which pages show each topic: first words of query keys. The second word of the keys of one object is its id. */
const shownBy: Readonly<Record<string, readonly string[]>> = {
  accounts: ['accounts', 'account', 'sign-in-outcome'],
  routing: ['routing', 'account'],
  items: ['accounts', 'account', 'received', 'queues', 'item', 'mine', 'notes', 'conversation'],
  answers: ['answers', 'item', 'conversation'],
  presence: ['presence'],
  queues: ['queues', 'accounts', 'item', 'teams', 'availability'],
  offers: ['availability'],
  users: ['users', 'teams'],
  settings: ['settings', 'accounts', 'account'],
  // What one sees may be other mail.
  me: ['me', 'queues', 'item', 'mine', 'notes', 'conversation', 'search', 'board', 'answers', 'availability'],
};
const ofOneObject = new Set(['account', 'routing', 'received', 'sign-in-outcome', 'presence']);

/** True when a change may affect the result of a query. */
export function concerns({ topic, ids }: Change, [first, second]: readonly unknown[]): boolean {
  const kind = String(first);
  if (!shownBy[topic]?.includes(kind)) return false;
  const isOfObject = ofOneObject.has(kind) && topic !== 'settings';
  return !isOfObject || ids === undefined || ids.includes(String(second));
}
