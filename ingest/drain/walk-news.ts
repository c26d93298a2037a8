import { setTimeout as sleep } from 'node:timers/promises';
import { PAGES_WITHOUT_NEWS, pauseWithoutNewsMs } from '../../domain/schedule.ts';
import type { DeltaPage } from '../../graph/mail/delta-page.ts';

/** What a walk has reported so far, from the beginning of its turn. */
export interface WalkNews {
  /**
   * Notes a page that was read at `link` (null: at the walk's beginning). False when the walk has no end: it
   * loops, or reports the same messages again and again. Waits after a page without news, longer each time.
   */
  note(link: string | null, page: DeltaPage, signal: AbortSignal): Promise<boolean>;
}

/**
 * Detects walks that go on without news (microsoft-graph-docs#4897, msgraph-sdk-dotnet#3082). News is what this walk
 * has not reported before, captured or not: a walk through a fully captured mailbox is not endless.
 */
export function createWalkNews(): WalkNews {
  const links = new Set<string>();
  const told = new Set<string>();
  let withoutNews = 0;

  return {
    async note(link, { entries, hasMore, link: next }, signal) {
      if (link !== null) links.add(link);
      const before = told.size;
      for (const entry of entries) told.add(entry.kind === 'message' ? entry.message.id : entry.id);
      if (!hasMore) {
        links.clear();
        return true;
      }
      if (links.has(next)) return false;
      withoutNews = told.size > before ? 0 : withoutNews + 1;
      if (withoutNews === 0) return true;
      if (withoutNews >= PAGES_WITHOUT_NEWS) return false;
      await sleep(pauseWithoutNewsMs(withoutNews), undefined, { signal });
      return true;
    },
  };
}
