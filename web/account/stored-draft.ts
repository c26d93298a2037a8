import { windowStore } from '../parts/browser-store.ts';
import type { Draft } from './draft.ts';

/** Changes of a routing that were unsaved when the session ended or the page was reloaded. */
export interface StoredDraft {
  /** The saved routing that the draft is based on. */
  readonly base: Draft;
  readonly draft: Draft;
  readonly storedAt: string;
}

const PREFIX = 'mailroom-draft';

/**
 * Stored in the tab (sessionStorage), per person and account: survives the end of the session and a reload, and ends
 * with the tab. Holds ids and keywords, no mail.
 */
export function storeDraft(userId: string, accountId: string, { base, draft }: Omit<StoredDraft, 'storedAt'>): void {
  windowStore.keep(keyOf(userId, accountId), JSON.stringify({ base, draft, storedAt: new Date().toISOString() }));
}

export function findStoredDraft(userId: string, accountId: string): StoredDraft | undefined {
  try {
    const found = windowStore.findJson(keyOf(userId, accountId)) as StoredDraft | undefined;
    return found !== undefined && isDraft(found.base) && isDraft(found.draft) ? found : undefined;
  } catch {
    return undefined;
  }
}

export function dropStoredDraft(userId: string, accountId: string): void {
  windowStore.keep(keyOf(userId, accountId), undefined);
}

/** Deletes every draft of this tab: signing out is a deliberate choice. */
export function dropStoredDrafts(): void {
  windowStore.forget(PREFIX);
}

function keyOf(userId: string, accountId: string): string {
  return `${PREFIX}:${userId}:${accountId}`;
}

/** False for a draft in the format of another release. */
function isDraft(value: Draft | undefined): boolean {
  return (
    typeof value?.version === 'number' &&
    (typeof value.defaultQueueId === 'string' || value.defaultQueueId === null) &&
    value.rules.every(({ key, queueId, keywords, typed }) =>
      [key, queueId, typed, ...keywords].every((part) => typeof part === 'string'),
    )
  );
}
