/**
 * The topics of the triggers of `0003-change-notices`, `presence` of `0023-work` and `offers` of `0031-offers`. `keys` is for the API itself, the
 * others for pages.
 */
export const changeTopics = [
  'accounts',
  'routing',
  'queues',
  'items',
  'answers',
  'users',
  'settings',
  'keys',
  'presence',
  'offers',
] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/** A change of this topic. Without an id, any object of it may have changed. */
export interface ChangeNotice {
  readonly topic: ChangeTopic;
  /** An account for `accounts`, `routing` and `items`, an item for `answers` and `presence`; a user for `offers`; otherwise a queue, a user or a key. */
  readonly id?: string;
}

/** The channel of the triggers. */
export const CHANGES_CHANNEL = 'mailroom_changes';

/** Undefined for a topic of a newer release. */
export function parseChangeNotice(payload: string): ChangeNotice | undefined {
  const [name, id] = payload.split(':');
  const topic = changeTopics.find((known) => known === name);
  if (topic === undefined) return undefined;
  return id === undefined ? { topic } : { topic, id };
}
