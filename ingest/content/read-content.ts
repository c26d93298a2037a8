import type { ContentReport } from '../../contract/content.ts';
import { type ContentSource, type ContentTarget, findContentSource } from '../../database/content/content-sources.ts';
import {
  addChunk,
  beginContent,
  completeContent,
  discardChunks,
  discardContent,
  findContent,
} from '../../database/content/contents.ts';
import { mailboxPlace } from '../../domain/account-access.ts';
import { CHUNK_BYTES, MOST_CONTENT_BYTES } from '../../domain/content-limits.ts';
import { Failure } from '../../domain/failure.ts';
import { openMailbox } from '../access/mailbox-access.ts';
import type { Dependencies } from '../dependencies.ts';
import { contentPieces } from './content-pieces.ts';
import { inspectContent } from './inspect-content.ts';
import { openContent } from './open-content.ts';
import { type ContentTurn, withContentTurn } from './with-content-turn.ts';

type Needed = Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'tokens' | 'scanner' | 'contentTurnTimes'>;

/**
 * Reads an attachment, or a whole message as MIME, from its mailbox into the cache, unless it is there. Holds a piece of
 * it in memory, never all. Safe to repeat and to run twice at once: an attempt that does not end leaves nothing that is
 * used. Throws Throttled, Unavailable, AccessRefused, MailboxGone, and the errors of tokens; what a person has to know
 * about this one message is the report.
 */
export async function readContent(
  dependencies: Needed,
  target: ContentTarget,
  signal: AbortSignal,
): Promise<ContentReport> {
  const { db } = dependencies;
  if (await findContent(db, target)) return { outcome: 'kept' };
  const source = await findContentSource(db, target);
  const refusal = refusalOf(source);
  if (refusal !== undefined || source === undefined) return { outcome: refusal ?? 'message-deleted' };
  return await withContentTurn(dependencies, source.accountId, signal, async (turn) => {
    // The attempt before this one may have read the same.
    if (await findContent(db, target)) return { outcome: 'kept' };
    return await keep(dependencies, target, source, turn);
  });
}

/** Why nothing may be read from there; undefined: it may. */
export function refusalOf(source: ContentSource | undefined): Exclude<ContentReport['outcome'], 'kept'> | undefined {
  if (!source) return 'message-deleted';
  if (source.isRemoved) return 'account-removed';
  if (!source.isEnabled) return 'account-disabled';
  if (!source.isSignedIn) return 'sign-in-needed';
  if (source.attachment?.kind === 'reference') return 'link';
  // The mail server counts a little more than the file has.
  if ((source.attachment?.size ?? 0) > MOST_CONTENT_BYTES * 1.5) return 'too-large';
  return undefined;
}

async function keep(
  dependencies: Needed,
  target: ContentTarget,
  source: ContentSource,
  { signal, progressed }: ContentTurn,
): Promise<ContentReport> {
  const { db, keys, scanner } = dependencies;
  const { accountId, signInNumber, attachment } = source;
  const mailbox = openMailbox(dependencies, { accountId, signInNumber, ...mailboxPlace(source) }, signal);
  const stream = await openContent(source, { db, mailbox, signal });
  const contentId = await beginContent(db, target);
  const inspection = inspectContent(attachment?.name ?? '');
  const scan = scanner?.begin();
  let isKept = false;
  try {
    let size = 0;
    let chunks = 0;
    for await (const bytes of contentPieces(stream, CHUNK_BYTES)) {
      signal.throwIfAborted();
      size += bytes.length;
      progressed(bytes.length);
      if (size > MOST_CONTENT_BYTES) return { outcome: 'too-large' };
      inspection.add(bytes);
      await Promise.all([addChunk(db, keys, { contentId, number: chunks, bytes }), scan?.add(bytes)]);
      chunks += 1;
    }
    const { verdict, finding } = (await scan?.conclude()) ?? { verdict: null, finding: null };
    const isInfected = verdict === 'infected';
    if (isInfected) await discardChunks(db, contentId);
    isKept = await completeContent(db, contentId, {
      size,
      chunks: isInfected ? 0 : chunks,
      verdict,
      finding,
      ...inspection.conclude(),
    });
    return { outcome: 'kept' };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    scan?.abort();
    if (!isKept) await discardContent(db, contentId).catch(() => {}); // it is swept
  }
}

/** What a failure that is this message's alone means to a person; undefined: anything else. */
export function outcomeOfRejection(error: unknown): ContentReport['outcome'] | undefined {
  if (!(error instanceof Failure) || error.type !== 'MessageRejected') return undefined;
  if (error.reason === 'gone-before-read') return 'gone';
  return error.reason === 'too-large' ? 'too-large' : 'unreadable';
}
