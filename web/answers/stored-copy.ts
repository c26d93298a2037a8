import { sharedStore, windowStore } from '../parts/browser-store.ts';
import { WRITTEN } from '../parts/use-kept-text.ts';
import type { DraftContent } from './draft-content.ts';
import type { UnsavedDraft } from './draft-keeper.ts';

/** What was written and is not saved, as the browser has it. */
export interface StoredCopy extends UnsavedDraft {
  /** What is answered, and how: a text whose draft is gone is offered at its item. */
  readonly itemId: string;
  readonly kind: string;
}

/** A copy as it was found. */
export interface FoundCopy extends StoredCopy {
  readonly draftId: string;
  /** Deletes it, unless its window has written more since. */
  readonly drop: () => void;
}

const PREFIX = 'mailroom-answer';
/** Of this page: two windows with the same draft keep a copy each. */
const windowName = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

/**
 * Keeps a copy in the browser (localStorage) while a draft is not saved at the server, for each person, draft and
 * window: survives a crash of the browser and the end of the session. It is removed as soon as the server has it, and
 * when the person signs out. False: the browser does not keep it.
 */
export function storeCopy(userId: string, draftId: string, copy: StoredCopy | undefined): boolean {
  const key = `${PREFIX}:${userId}:${draftId}:${windowName}`;
  return sharedStore.keep(key, copy && JSON.stringify({ ...copy, storedAt: Date.now() }));
}

/** All copies of a person, also those of other windows; the newest last. */
export function findCopies(userId: string): readonly FoundCopy[] {
  return sharedStore
    .keys(`${PREFIX}:${userId}:`)
    .flatMap(parseCopy)
    .sort((one, other) => (one.storedAt ?? 0) - (other.storedAt ?? 0));
}

/** Signing out is a deliberate choice: nothing that was written stays in the browser. */
export function dropCopies(): void {
  sharedStore.forget(PREFIX);
  windowStore.forget(WRITTEN);
}

interface Stored extends StoredCopy {
  readonly storedAt?: number;
}

/** None for a copy in the format of another release. */
function parseCopy(key: string): readonly (FoundCopy & Stored)[] {
  const stored = sharedStore.find(key);
  const draftId = key.split(':')[2];
  const copy = sharedStore.findJson(key) as Stored | undefined;
  if (copy === undefined || draftId === undefined || !isContent(copy.base?.content) || !isContent(copy.content))
    return [];
  const unanswered = Array.isArray(copy.unanswered) ? copy.unanswered.filter(isContent) : [];
  const drop = () => {
    if (sharedStore.find(key) === stored) sharedStore.keep(key, undefined);
  };
  return [{ ...copy, unanswered, draftId, drop }];
}

function isContent(value: DraftContent | undefined): boolean {
  return (
    typeof value?.body === 'string' &&
    typeof value.subject === 'string' &&
    (value.format === 'html' || value.format === 'text') &&
    typeof value.includesQuote === 'boolean' &&
    [value.to, value.cc, value.bcc].every(
      (list) => Array.isArray(list) && list.every(({ address }) => typeof address === 'string'),
    )
  );
}
