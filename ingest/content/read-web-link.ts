import type { ContentReport } from '../../contract/content.ts';
import { type ContentTarget, findContentSource } from '../../database/content/content-sources.ts';
import { storeWebLink } from '../../database/content/item-attachments.ts';
import { mailboxPlace } from '../../domain/account-access.ts';
import { openMailbox } from '../access/mailbox-access.ts';
import type { Dependencies } from '../dependencies.ts';
import { pay } from './open-content.ts';
import { refusalOf } from './read-content.ts';
import { withContentTurn } from './with-content-turn.ts';

/**
 * Reads the address of a message in Outlook into its row: releases that captured it did not keep that. Throws as
 * `readContent` does.
 */
export async function readWebLink(
  dependencies: Pick<Dependencies, 'db' | 'cloud' | 'tokens' | 'contentTurnTimes'>,
  { messageId }: Pick<ContentTarget, 'messageId'>,
  signal: AbortSignal,
): Promise<ContentReport> {
  const { db } = dependencies;
  const source = await findContentSource(db, { messageId });
  const refusal = refusalOf(source);
  if (refusal !== undefined || source === undefined) return { outcome: refusal ?? 'message-deleted' };
  const { accountId, signInNumber, graphIds } = source;
  return await withContentTurn(dependencies, accountId, signal, async (turn) => {
    const mailbox = openMailbox(dependencies, { accountId, signInNumber, ...mailboxPlace(source) }, turn.signal);
    await pay(db, accountId, 1);
    const webLink = await mailbox.readWebLink(graphIds.at(-1) ?? '', turn.signal);
    if (webLink === undefined) return { outcome: 'unreadable' };
    await storeWebLink(db, messageId, webLink);
    return { outcome: 'kept' };
  });
}
