import { setTimeout as sleep } from 'node:timers/promises';
import type { Called, CallMailroom } from '../actors/mailroom-call.ts';

export interface ItemToAnswer {
  readonly id: string;
  /** Bytes of the file that goes with the answer; 0: none. */
  readonly fileBytes: number;
}

const AGAIN_AFTER_MS = 500;
/** Refuses to complete an item with mail that the agent has not seen: read, and sent again. */
const NEW_MAIL = 'item-has-new-mail';

/**
 * Answers an item as a patient agent does: every request is repeated until it has an answer, the one that sends under one
 * name. Throws when Mailroom refuses.
 */
export async function answerItem(
  call: CallMailroom,
  { id, fileBytes }: ItemToAnswer,
  signal: AbortSignal,
): Promise<void> {
  const insist = async <Answer>(work: () => Promise<Called>): Promise<Answer> => {
    for (;;) {
      signal.throwIfAborted();
      const { outcome, status, reason, body } = await work();
      if (outcome === 'done' || reason === NEW_MAIL) return body as Answer;
      if (outcome === 'refused' && status !== undefined) throw new Error(`An answer was refused: ${status} ${reason}`);
      await sleep(AGAIN_AFTER_MS);
    }
  };
  const { newestMail } = await insist<{ newestMail: string }>(() => call('GET', `/items/${id}`));
  const { id: draft } = await insist<{ id: string }>(() => call('POST', `/items/${id}/drafts`, { kind: 'reply' }));
  const countFiles = async () =>
    (await insist<{ attachments: unknown[] }>(() => call('GET', `/drafts/${draft}`))).attachments.length;
  while (fileBytes > 0 && (await countFiles()) === 0) {
    await call('POST', `/drafts/${draft}/attachments?name=a.bin`, Buffer.alloc(fileBytes, 'x'));
  }
  const confirmed = ['many-answers', 'answered-meanwhile'];
  let seenThrough: string | undefined = newestMail;
  while (seenThrough !== undefined) {
    const request = { completeItem: true, seenThrough, delaySeconds: 1, confirmed };
    const headers = { 'if-match': '"1"', 'idempotency-key': `send ${draft}` };
    const answer: Partial<NewMail> = await insist(() => call('POST', `/drafts/${draft}/send`, request, headers));
    seenThrough = answer.facts?.newestMail;
  }
}

interface NewMail {
  readonly facts: { readonly newestMail: string };
}
