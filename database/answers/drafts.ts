import { sql, type Updateable } from 'kysely';
import type { AnswerFormat, AnswerKind } from '../../domain/answer.ts';
import { answerRecipients, answerSubject } from '../../domain/reply-text.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { AnswerRecipients, AnswersTable } from '../schema.ts';
import { type AnswerView, findAnswer } from './answer-views.ts';
import { signatureHtml } from './signatures.ts';

export type DraftOpening =
  | { readonly outcome: 'opened' | 'found'; readonly draft: AnswerView }
  | { readonly outcome: 'not-found' | 'message-deleted' };

/**
 * Opens the person's draft of an answer: the one that exists, or a new one with recipients, subject and signatures. Two
 * requests at once get the same one.
 */
export async function openDraft(
  db: Database,
  author: string,
  { itemId, kind }: { readonly itemId: string; readonly kind: AnswerKind },
): Promise<DraftOpening> {
  const mail = await findAnsweredMail(db, itemId);
  if (!mail) return { outcome: 'not-found' };
  const { accountId, address, signInAs, fromName, fromAddress, recipients, subject } = mail;
  if (recipients === null) return { outcome: 'message-deleted' };
  const from = fromAddress === null ? null : { name: fromName ?? undefined, address: fromAddress };
  const own = [address, ...(signInAs === null ? [] : [signInAs])];
  const body = await signatureHtml(db, author, accountId);
  const inserted = await db
    .insertInto('answers')
    .values({
      itemId,
      accountId,
      kind,
      author,
      recipients: JSON.stringify({ ...answerRecipients(kind, { from, recipients }, own), bcc: [] }),
      subject: answerSubject(kind, subject ?? ''),
      format: 'html',
      body,
      includesQuote: true,
    })
    .onConflict((conflict) => conflict.columns(['itemId', 'author', 'kind']).where(isDraft).doNothing())
    .returning('id')
    .executeTakeFirst();
  const id = inserted?.id ?? (await findOpenDraft(db, author, itemId, kind));
  const draft = id === undefined ? undefined : await findAnswer(db, id);
  return draft ? { outcome: inserted ? 'opened' : 'found', draft } : { outcome: 'not-found' };
}

/** In clear, so that a prepared statement still infers the partial index. */
const isDraft = sql<boolean>`state = 'draft'`;

async function findAnsweredMail(db: Queryable, itemId: string) {
  return await db
    .selectFrom('items')
    .innerJoin('accounts', 'accounts.id', 'items.accountId')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['items.accountId', 'accounts.address', 'accounts.signInAs'])
    .select(['messages.fromName', 'messages.fromAddress', 'messages.recipients', 'messages.subject'])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
}

/** A person's draft of this kind for an item, if there is one. */
export async function findOpenDraft(
  db: Queryable,
  author: string,
  itemId: string,
  kind: AnswerKind,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('answers')
    .select('id')
    .where('itemId', '=', itemId)
    .where('author', '=', author)
    .where('kind', '=', kind)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  return row?.id;
}

export interface DraftContent {
  readonly recipients: AnswerRecipients;
  readonly subject: string;
  readonly format: AnswerFormat;
  readonly body: string;
  readonly includesQuote: boolean;
}

export type DraftRefusal =
  /** It was changed since the version that was read. `current`: as it is now. */
  | { readonly outcome: 'changed'; readonly current: AnswerView }
  | { readonly outcome: 'of-other'; readonly current: AnswerView }
  /** It is being sent, or was. */
  | { readonly outcome: 'not-editable'; readonly current: AnswerView }
  | { readonly outcome: 'not-found' };

/** A row that may be changed, locked; or why not. `version` undefined: any. */
export async function lockDraft(
  trx: Queryable,
  actor: string,
  id: string,
  version: number | undefined,
): Promise<{ readonly outcome: 'locked'; readonly accountId: string; readonly itemId: string } | DraftRefusal> {
  const row = await trx
    .selectFrom('answers')
    .select(['state', 'author', 'version', 'accountId', 'itemId'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row || row.state === 'discarded') return { outcome: 'not-found' };
  const refused = async (outcome: 'changed' | 'of-other' | 'not-editable'): Promise<DraftRefusal> => {
    const current = await findAnswer(trx, id);
    return current ? { outcome, current } : { outcome: 'not-found' };
  };
  if (row.state !== 'draft' && row.state !== 'failed') return await refused('not-editable');
  if (row.author !== actor) return await refused('of-other');
  if (version !== undefined && row.version !== version) return await refused('changed');
  return { outcome: 'locked', accountId: row.accountId, itemId: row.itemId };
}

/** Saves a draft, or a failed answer, unless another version was saved since it was read. */
export async function saveDraft(
  db: Database,
  actor: string,
  { id, version }: { readonly id: string; readonly version: number },
  { recipients, ...content }: DraftContent,
): Promise<{ readonly outcome: 'saved'; readonly draft: AnswerView } | DraftRefusal> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockDraft(trx, actor, id, version);
    if (locked.outcome !== 'locked') return locked;
    await trx
      .updateTable('answers')
      .set({ ...content, recipients: JSON.stringify(recipients), ...nextVersion })
      .where('id', '=', id)
      .execute();
    const draft = await findAnswer(trx, id);
    return draft ? { outcome: 'saved', draft } : { outcome: 'not-found' };
  });
}

/** A draft that was written later than it was read is another version, however small the change. */
export const nextVersion = { version: sql<number>`version + 1`, updatedAt: sql<Date>`now()` } as const;

/**
 * Discards a draft with its attachments. The row of an answer that failed stays, without content, because a draft of it
 * may lie in the mailbox. To discard it again changes nothing.
 */
export async function discardDraft(
  db: Database,
  actor: string,
  id: string,
): Promise<{ readonly outcome: 'discarded' } | DraftRefusal> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockDraft(trx, actor, id, undefined);
    if (locked.outcome !== 'locked') return locked;
    await trx
      .updateTable('answers')
      .set({ ...discarded, endedAt: sql`now()`, updatedAt: sql`now()`, ...draftsToSweep })
      .where('id', '=', id)
      .execute();
    await trx.deleteFrom('answerAttachments').where('answerId', '=', id).execute();
    return { outcome: 'discarded' };
  });
}

/** Of an answer that is given up: where there was an attempt to send it, the mailbox is searched for drafts. */
export const draftsToSweep = {
  draftSweepAt: sql<Date | null>`case when attempt > 0 then greatest(draft_sweep_at, now()) end`,
} as const;

const discarded: Updateable<AnswersTable> = {
  state: 'discarded',
  body: '',
  subject: '',
  recipients: '{"to":[],"cc":[],"bcc":[]}',
  quote: null,
};

export type TakeOver =
  | { readonly outcome: 'taken'; readonly draft: AnswerView }
  | { readonly outcome: 'has-own' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'not-editable'; readonly current: AnswerView };

/** Makes another person's draft one's own; the event names both. To take over one's own changes nothing. */
export async function takeOverDraft(db: Database, actor: string, id: string): Promise<TakeOver> {
  return await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('answers')
      .select(['state', 'author', 'accountId', 'itemId', 'kind'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const current = row && row.state !== 'discarded' ? await findAnswer(trx, id) : undefined;
    if (!row || !current) return { outcome: 'not-found' };
    if (row.state !== 'draft' && row.state !== 'failed') return { outcome: 'not-editable', current };
    if (row.author === actor) return { outcome: 'taken', draft: current };
    if (row.state === 'draft' && (await findOpenDraft(trx, actor, row.itemId, row.kind)) !== undefined) {
      return { outcome: 'has-own' };
    }
    await trx
      .updateTable('answers')
      .set({ author: actor, ...nextVersion })
      .where('id', '=', id)
      .execute();
    const { accountId } = row;
    const details = { from: row.author, itemId: row.itemId };
    await recordEvent(trx, { actor, name: 'answer.taken-over', accountId, targetId: id, details });
    const draft = await findAnswer(trx, id);
    return draft ? { outcome: 'taken', draft } : { outcome: 'not-found' };
  });
}
