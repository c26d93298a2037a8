import { readAttachment } from '../../database/answers/draft-attachments.ts';
import { listFilesToSend, noteAttached, noteStep } from '../../database/answers/sending.ts';
import { composeAnswer } from '../../domain/answer-body.ts';
import { SendingRefusal } from '../../graph/sending/sending-refusal.ts';
import type { SendingTurn } from './sending-turn.ts';

/**
 * Puts the answer into Graph's draft. Repeated, it changes nothing: the quote is kept as it was before ours was put in, and
 * files that no row knows, whose upload was not answered, are removed before they are sent again.
 */
export async function fillDraft(turn: SendingTurn, draftId: string): Promise<void> {
  const { work, client, signal } = turn;
  const { quote, own } = await rememberDraft(turn, draftId);
  const { recipients, subject, format, body, includesQuote } = work;
  const text = composeAnswer(format, body, includesQuote ? quote : undefined);
  await client.changeDraft(draftId, { answerId: work.id, recipients, subject, format, body: text }, signal);
  await attachFiles(turn, draftId, own);
}

/** The draft as Graph made it: its quote and its own attachments, read before anything is changed. */
async function rememberDraft({ dependencies, work, client, signal }: SendingTurn, draftId: string) {
  if (work.quote !== null && work.graphId === draftId) return { quote: work.quote, own: work.graphAttachments };
  const { body: quote, attachments } = await client.readDraft(draftId, work.format, signal);
  // Without the quote, its pictures would be left over as attachments.
  const needless = work.includesQuote ? [] : attachments.filter(({ isInline }) => isInline);
  for (const { id } of needless) await client.removeAttachment(draftId, id, signal);
  const own = attachments.filter((each) => !needless.includes(each)).map(({ id }) => id);
  if (!(await noteStep(dependencies.db, work, { graphId: draftId, quote, graphAttachments: own }))) throw overtaken();
  return { quote, own };
}

async function attachFiles(turn: SendingTurn, draftId: string, own: readonly string[]): Promise<void> {
  const { dependencies, work, client, signal } = turn;
  const { db, keys } = dependencies;
  const files = await listFilesToSend(db, work.id);
  const isFirst = work.attempt === 1;
  if (files.length === 0 && isFirst) return;
  const there = isFirst ? new Set(own) : new Set((await client.listAttachmentIds(draftId, signal)).map(({ id }) => id));
  const known = new Set([...own, ...files.map(({ graphId }) => graphId)]);
  for (const id of there) if (!known.has(id)) await client.removeAttachment(draftId, id, signal);
  for (const file of files) {
    if (file.graphId !== null && there.has(file.graphId)) continue;
    const graphId = await client.attach(
      draftId,
      { ...file, readParts: () => readAttachment(db, keys, file.id) },
      signal,
    );
    await noteAttached(db, file.id, graphId ?? null);
  }
}

function overtaken(): Error {
  return new SendingRefusal('microsoft-down', { code: 'overtaken' });
}
