/** What the triggers of `0003-change-notices` name. Topics of pages, and `keys` for the API itself. */
export const changeTopics = ['accounts', 'routing', 'queues', 'items', 'users', 'settings', 'keys'] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/** Something of this topic is different now. Without an id it may be anything. */
export interface ChangeNotice {
  readonly topic: ChangeTopic;
  /** An account for `accounts`, `routing` and `items`; otherwise a queue, a user or a key. */
  readonly id?: string;
}

/** Where the triggers tell. */
export const CHANGES_CHANNEL = 'mailroom_changes';

/** Undefined for what this version does not know: a newer one may have told it. */
export function parseChangeNotice(payload: string): ChangeNotice | undefined {
  const [name, id] = payload.split(':');
  const topic = changeTopics.find((known) => known === name);
  if (topic === undefined) return undefined;
  return id === undefined ? { topic } : { topic, id };
}
