import { text as readAll } from 'node:stream/consumers';
import type { AnswerKind, Confirmation } from '../../domain/answer.ts';
import { escapeHtml } from '../../domain/escape-html.ts';
import { CommandProblem } from './command-problem.ts';
import { repeated, type Schemas, type TypedApi, take, takeBody } from './typed-api.ts';

/** What was typed for `items answer`. */
export interface AnswerOptions {
  readonly kind: AnswerKind;
  readonly text?: string;
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly complete?: true;
  readonly seenThrough?: string;
  readonly confirm?: readonly Confirmation[];
  readonly delay?: number;
  readonly draft?: true;
  readonly replace?: true;
}

/**
 * Writes an answer and sends it. The signature that the API suggests stays below the words. What fails after the draft
 * was saved leaves the draft; sending it is repeated once by the same name when no answer arrives. A mail that came after
 * the command began, or after the one that was named as seen, is not completed with the item.
 */
export async function answerItem(api: TypedApi, itemId: string, options: AnswerOptions): Promise<Schemas['Answer']> {
  // Before the words are written, which may take minutes.
  const seenThrough = options.complete && (options.seenThrough ?? (await readNewestMail(api, itemId)));
  const words = (options.text ?? (await readAll(process.stdin))).trim();
  if (words === '') throw new CommandProblem('There is nothing to send: write it after --text, or to standard input.');
  const draft = await openNewDraft(api, itemId, options);
  const saved = await takeBody(
    api.PUT('/api/v1/drafts/{id}', {
      params: { path: { id: draft.id }, header: { 'if-match': `"${draft.version}"` } },
      body: {
        to: options.to ? options.to.map((address) => ({ address })) : draft.to,
        cc: options.to ? [] : draft.cc,
        bcc: options.to ? [] : draft.bcc,
        subject: options.subject ?? draft.subject,
        format: 'html',
        body: `${words.split(/\r?\n/).map(asParagraph).join('')}${draft.body}`,
        includesQuote: draft.includesQuote,
      },
    }),
  );
  if (options.draft) return saved;
  const header = { 'if-match': `"${saved.version}"`, 'idempotency-key': crypto.randomUUID() };
  const body = {
    completeItem: options.complete ?? false,
    ...(seenThrough ? { seenThrough } : {}),
    ...(options.confirm ? { confirmed: [...options.confirm] } : {}),
    ...(options.delay === undefined ? {} : { delaySeconds: options.delay }),
  };
  try {
    return await repeated(() =>
      takeBody(api.POST('/api/v1/drafts/{id}/send', { params: { path: { id: draft.id }, header }, body })),
    );
  } catch (problem) {
    if (!(problem instanceof CommandProblem)) throw problem;
    throw new CommandProblem(
      `${problem.message}\nThe text is kept as the draft ${draft.id}; --replace discards it and writes another.`,
      problem.exitCode,
    );
  }
}

async function readNewestMail(api: TypedApi, id: string): Promise<string> {
  const { newestMail } = await takeBody(api.GET('/api/v1/items/{id}', { params: { path: { id } } }));
  return newestMail;
}

/** A draft without words of others: one that exists is discarded only if that was asked for. */
async function openNewDraft(api: TypedApi, itemId: string, { kind, replace }: AnswerOptions) {
  const open = async () => {
    const call = api.POST('/api/v1/items/{id}/drafts', { params: { path: { id: itemId } }, body: { kind } });
    return { draft: await takeBody(call), isNew: (await call).response.status === 201 };
  };
  const first = await open();
  if (first.isNew) return first.draft;
  if (!replace) {
    throw new CommandProblem(
      `This key has a ${kind} to this item already: the draft ${first.draft.id}. --replace discards it.`,
    );
  }
  await take(api.DELETE('/api/v1/drafts/{id}', { params: { path: { id: first.draft.id } } }));
  return (await open()).draft;
}

function asParagraph(line: string): string {
  return `<p>${escapeHtml(line)}</p>`;
}
