import { findMissing, mailOf } from '../activities/capture-listed.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Database } from '../database/database.ts';
import type { DueWatch } from '../database/watches.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { LOOK_WITHIN_MS } from '../domain/schedule.ts';
import { createMailboxClient, type MailboxClient } from '../graph/mailbox-client.ts';

/** What a look at a mailbox found. */
export type Look =
  /** Nothing new. The next look begins at this link. */
  | { readonly found: 'nothing'; readonly link: string | null }
  /** Something that only a drain can deal with: mail, or a state of the account. */
  | { readonly found: 'something' }
  /** An error that nobody expected. A drain will show on the account what it is. */
  | { readonly found: 'error'; readonly error: unknown }
  /** Microsoft is away, asks to wait or refuses the settings: the next look tells more. */
  | { readonly found: 'nobody'; readonly failure: Failure };

/** What is there is only counted, never used: the smallest page that shows whether there is any. */
const LOOK_PAGE_SIZE = 1;

/**
 * Looks whether a mailbox holds anything new: one page of changes, from where the last look ended. Where the mailbox is
 * full and Microsoft therefore refuses delta, it is the list of what came lately, against what is known. Captures
 * nothing. Never repeats a request by itself: the next look does. Throws the reason of `stopped` when that is aborted.
 */
export function createLook({ db, cloud, tokens }: Pick<Dependencies, 'db' | 'cloud' | 'tokens'>) {
  return async function look(watch: DueWatch, stopped: AbortSignal): Promise<Look> {
    const { address, signInAs, link, listFrom } = watch;
    const tooLate = AbortSignal.timeout(LOOK_WITHIN_MS);
    const signal = AbortSignal.any([stopped, tooLate]);
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress: signInAs === null ? undefined : address,
      getAccessToken: (options) => tokens.get(watch, { ...options, signal }),
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
    });
    try {
      if (listFrom !== null) {
        const isNew = await listsUnknown(db, mailbox, { ...watch, listFrom }, signal);
        return isNew ? { found: 'something' } : { found: 'nothing', link };
      }
      if (link === null) return { found: 'something' };
      const page = await mailbox.readDeltaPage({ link }, { pageSize: LOOK_PAGE_SIZE, signal });
      if (page.entries.length > 0 || page.hasMore) return { found: 'something' };
      return { found: 'nothing', link: page.link };
    } catch (error) {
      stopped.throwIfAborted();
      if (tooLate.aborted) return { found: 'nobody', failure: unanswered() };
      if (!isFailure(error)) return { found: 'error', error };
      return isWeather(error) ? { found: 'nobody', failure: error } : { found: 'something' };
    }
  };
}

function isWeather({ type }: Failure): boolean {
  return type === 'Unavailable' || type === 'Throttled' || type === 'SettingsRejected';
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'network', code: 'timeout' });
}

async function listsUnknown(
  db: Database,
  mailbox: MailboxClient,
  { accountId, listFrom, captureFrom }: Pick<DueWatch, 'accountId' | 'captureFrom'> & { readonly listFrom: Date },
  signal: AbortSignal,
): Promise<boolean> {
  let from: Date | undefined = listFrom;
  do {
    const { messages, next } = await mailbox.listInbox({ from }, signal);
    const missing = await findMissing({ db, accountId }, mailOf(messages, captureFrom ?? undefined));
    if (missing.length > 0) return true;
    from = next;
  } while (from);
  return false;
}
