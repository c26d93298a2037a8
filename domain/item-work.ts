/** Why an item is parked: the customer has to write, or a time has to come. */
export const parkReasons = ['customer', 'time'] as const;
export type ParkReason = (typeof parkReasons)[number];

/**
 * What a new mail of a known conversation becomes. `separate`: an item of its own. `join`: part of the open item of its
 * conversation, if there is one. `reopen`: the same, and a completed item is opened again for who completed it.
 */
export const conversationRules = ['separate', 'join', 'reopen'] as const;
export type ConversationRule = (typeof conversationRules)[number];

/** What a note is: a remark, or the reason for a step. */
export const noteKinds = ['note', 'parked', 'moved', 'reopened'] as const;
export type NoteKind = (typeof noteKinds)[number];

/** What a person does at an item's page. */
export const doings = ['looking', 'writing'] as const;
export type Doing = (typeof doings)[number];

/** How long a woken item is kept for the person who knows it, before any agent gets it as the next. */
export const KEPT_FOR_PERSON_HOURS = 4;

/** A completion can be undone by its actor for this long. */
export const COMPLETION_UNDONE_WITHIN_SECONDS = 60;

/** Longest note and reason, in characters. */
export const LONGEST_NOTE = 10_000;
/** Longest tag or outcome code, in characters; most of each for a queue, and most tags of an item. */
export const LONGEST_CODE = 60;
export const MOST_CODES = 100;
export const MOST_TAGS = 20;
