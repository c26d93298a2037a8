import type { DraftContent } from './draft-content.ts';
import type { SavedDraft } from './draft-keeper.ts';

/** What was written and is not saved: with it, the state that it is based on. */
export interface StoredCopy {
  readonly base: SavedDraft;
  readonly content: DraftContent;
}

const PREFIX = 'mailroom-answer';

/**
 * Keeps a copy in the browser (localStorage) while a draft is not saved at the server, for each person and draft:
 * survives a crash of the browser and the end of the session. It is removed as soon as the server has it, and when the
 * person signs out.
 */
export function storeCopy(userId: string, draftId: string, copy: StoredCopy | undefined): void {
  try {
    if (copy === undefined) localStorage.removeItem(keyOf(userId, draftId));
    else localStorage.setItem(keyOf(userId, draftId), JSON.stringify(copy));
  } catch {
    // Full, or blocked by the browser: writing continues without it.
  }
}

export function findCopy(userId: string, draftId: string): StoredCopy | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(userId, draftId)) ?? 'null') as StoredCopy | null;
    return found !== null && isContent(found.base?.content) && isContent(found.content) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Signing out is a deliberate choice: nothing that was written stays in the browser. */
export function dropCopies(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Nothing can have been stored.
  }
}

function keyOf(userId: string, draftId: string): string {
  return `${PREFIX}:${userId}:${draftId}`;
}

/** False for a copy in the format of another release. */
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
