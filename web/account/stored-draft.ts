import type { Draft } from './draft.ts';

/** Changes of a routing that were not saved when the session ended or the page was loaded again. */
export interface StoredDraft {
  /** What was edited. */
  readonly base: Draft;
  readonly draft: Draft;
  readonly storedAt: string;
}

const PREFIX = 'mailroom-draft';

/**
 * Kept in the tab (sessionStorage), for one person and account: it outlives the end of the session and a reload, and goes
 * with the tab. It holds ids and keywords, nothing of any mail.
 */
export function storeDraft(userId: string, accountId: string, { base, draft }: Omit<StoredDraft, 'storedAt'>): void {
  try {
    sessionStorage.setItem(
      keyOf(userId, accountId),
      JSON.stringify({ base, draft, storedAt: new Date().toISOString() }),
    );
  } catch {
    // Full, or forbidden by the browser: editing goes on without.
  }
}

export function findStoredDraft(userId: string, accountId: string): StoredDraft | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(keyOf(userId, accountId)) ?? 'null') as StoredDraft | null;
    return found !== null && isDraft(found.base) && isDraft(found.draft) ? found : undefined;
  } catch {
    return undefined;
  }
}

export function dropStoredDraft(userId: string, accountId: string): void {
  try {
    sessionStorage.removeItem(keyOf(userId, accountId));
  } catch {
    // Nothing can be stored either.
  }
}

/** For who signs out, which is a choice: every draft of this tab. */
export function dropStoredDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing can be stored either.
  }
}

function keyOf(userId: string, accountId: string): string {
  return `${PREFIX}:${userId}:${accountId}`;
}

/** False for what a version of these pages with other drafts has stored. */
function isDraft(value: Draft | undefined): boolean {
  return (
    typeof value?.version === 'number' &&
    (typeof value.defaultQueueId === 'string' || value.defaultQueueId === null) &&
    value.rules.every(({ key, queueId, keywords, typed }) =>
      [key, queueId, typed, ...keywords].every((part) => typeof part === 'string'),
    )
  );
}
