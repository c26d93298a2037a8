import { findMissing, mailOf } from '../activities/capture-listed.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Database } from '../database/database.ts';
import type { DueWatch, QuietLook } from '../database/watches.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { createMailboxClient, type MailboxClient } from '../graph/mailbox-client.ts';

/** What a look at a mailbox found. */
export type Look =
  | { readonly found: 'nothing'; readonly quiet: QuietLook }
  /** Something that only a drain can deal with: mail, or a state of the account. */
  | { readonly found: 'something' }
  /** Microsoft is away or asks to wait: the next look tells more. */
  | { readonly found: 'nobody'; readonly failure: Failure };

/** A look that takes longer would still be under way when the next one is due. */
const LOOK_TIMEOUT_MS = 10_000;
/** What is there is only counted, never used: the smallest page that shows whether there is any. */
const LOOK_PAGE_SIZE = 1;

/**
 * Looks whether a mailbox holds anything new: one page of changes, from where the last look ended. Where the mailbox is
 * full and Microsoft therefore refuses delta, it is the list of what came lately, against what is known. Captures
 * nothing. Never repeats a request by itself: the next look does.
 */
export function createLook({ db, cloud, tokens }: Pick<Dependencies, 'db' | 'cloud' | 'tokens'>) {
  return async function look(watch: DueWatch): Promise<Look> {
    const { accountId, address, signInAs, folder, link, version, listFrom } = watch;
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress: signInAs === null ? undefined : address,
      getAccessToken: (options) => tokens.get(accountId, options),
      timeoutMs: LOOK_TIMEOUT_MS,
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
    });
    try {
      if (listFrom !== null) {
        if (await listsUnknown(db, mailbox, { ...watch, listFrom })) return { found: 'something' };
        return { found: 'nothing', quiet: { accountId, folder, version, link } };
      }
      if (link === null) return { found: 'something' };
      const page = await mailbox.readDeltaPage({ link }, { pageSize: LOOK_PAGE_SIZE });
      if (page.entries.length > 0 || page.hasMore) return { found: 'something' };
      return { found: 'nothing', quiet: { accountId, folder, version, link: page.link } };
    } catch (error) {
      const isWeather = isFailure(error, 'Unavailable') || isFailure(error, 'Throttled');
      return isWeather ? { found: 'nobody', failure: error } : { found: 'something' };
    }
  };
}

async function listsUnknown(
  db: Database,
  mailbox: MailboxClient,
  { accountId, listFrom, captureFrom }: Pick<DueWatch, 'accountId' | 'captureFrom'> & { readonly listFrom: Date },
): Promise<boolean> {
  let from: Date | undefined = listFrom;
  do {
    const { messages, next } = await mailbox.listInbox({ from });
    const missing = await findMissing({ db, accountId }, mailOf(messages, captureFrom ?? undefined));
    if (missing.length > 0) return true;
    from = next;
  } while (from);
  return false;
}
