import { readAttachment } from '../../database/answers/draft-attachments.ts';
import { listFilesToSend, noteAttached, noteStep } from '../../database/answers/sending.ts';
import { composeAnswer } from '../../domain/answer-body.ts';
import { SendingRefusal } from '../../graph/sending/sending-refusal.ts';
import { type InlinePicture, takeInlinePictures } from './inline-pictures.ts';
import { Overtaken, type SendingTurn } from './sending-turn.ts';

/**
 * Puts the answer into Graph's draft. Repeated, it changes nothing: the quote is kept as it was before ours was put in, and
 * files that no row knows, whose upload was not answered, are removed before they are sent again.
 */
export async function fillDraft(turn: SendingTurn, draftId: string): Promise<void> {
  const { work, client, signal } = turn;
  const { quote, graphAttachments } = await rememberDraft(turn, draftId);
  const { recipients, subject, format, body, includesQuote } = work;
  const { html: own, pictures } = format === 'html' ? takeInlinePictures(body) : { html: body, pictures: [] };
  const text = composeAnswer(format, own, includesQuote ? quote : undefined);
  await client.changeDraft(
    draftId,
    { answerId: work.id, isAutomatic: work.isAutomatic, recipients, subject, format, body: text },
    signal,
  );
  await attachFiles(turn, draftId, { graphAttachments, pictures });
}

/** The draft as Graph made it: its quote and its own attachments, read before anything is changed. */
async function rememberDraft({ dependencies, work, client, signal }: SendingTurn, draftId: string) {
  if (work.quote !== null && work.graphId === draftId) {
    return { quote: work.quote, graphAttachments: work.graphAttachments };
  }
  const { body: quote, attachments } = await client.readDraft(draftId, work.format, signal);
  // Without the quote, its pictures would be left over as attachments.
  const needless = work.includesQuote ? [] : attachments.filter(({ isInline }) => isInline);
  for (const { id } of needless) await client.removeAttachment(draftId, id, signal);
  const graphAttachments = attachments.filter((each) => !needless.includes(each)).map(({ id }) => id);
  if (!(await noteStep(dependencies.db, work, { graphId: draftId, quote, graphAttachments }))) throw new Overtaken();
  return { quote, graphAttachments };
}

/** `graphAttachments`: those that the draft came with. */
async function attachFiles(
  turn: SendingTurn,
  draftId: string,
  {
    graphAttachments,
    pictures,
  }: { readonly graphAttachments: readonly string[]; readonly pictures: readonly InlinePicture[] },
): Promise<void> {
  const { dependencies, work, client, signal } = turn;
  const { db, keys } = dependencies;
  const files = await listFilesToSend(db, work.id);
  const isFirst = work.attempt === 1;
  if (files.length + pictures.length === 0 && isFirst) return;
  const there = isFirst
    ? new Set(graphAttachments)
    : new Set((await client.listAttachmentIds(draftId, signal)).map(({ id }) => id));
  const attached: (string | undefined)[] = [];
  const removeUnknown = async (ids: Iterable<string>) => {
    const known = new Set([...graphAttachments, ...files.map(({ graphId }) => graphId), ...attached]);
    for (const id of ids) {
      if (known.has(id)) continue;
      // It may be a file of the attempt that has taken over.
      if (!(await noteStep(db, work, {}))) throw new Overtaken();
      await client.removeAttachment(draftId, id, signal);
    }
  };
  await removeUnknown(there);
  for (const file of files) {
    if (file.graphId !== null && there.has(file.graphId)) continue;
    const graphId = await client.attach(
      draftId,
      { ...file, readParts: () => readAttachment(db, keys, file.id) },
      signal,
    );
    await noteAttached(db, file.id, graphId ?? null);
    attached.push(graphId);
  }
  for (const { bytes, ...picture } of pictures) {
    const file = { ...picture, size: bytes.length, isInline: true, readParts: () => onePart(bytes) };
    attached.push(await client.attach(draftId, file, signal));
  }
  if (isFirst && attached.every((id) => id !== undefined)) return;
  // In between, an earlier attempt may have attached a file once more, or have removed one that it did not know. Where one
  // of ours is not listed by the id that Graph gave it, none can be told apart.
  const listed = (await client.listAttachmentIds(draftId, signal)).map(({ id }) => id);
  const ours = listed.filter((id) => !graphAttachments.includes(id));
  if (ours.length < files.length + pictures.length) {
    throw new SendingRefusal('microsoft-down', { code: 'attachment-missing' });
  }
  const kept = files.flatMap(({ graphId }) => (graphId && there.has(graphId) ? [graphId] : []));
  if ([...kept, ...attached].every((id) => id !== undefined && listed.includes(id))) await removeUnknown(listed);
}

async function* onePart(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
