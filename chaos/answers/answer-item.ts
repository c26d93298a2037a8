import { setTimeout as sleep } from 'node:timers/promises';
import type { Called, CallMailroom } from '../actors/mailroom-call.ts';

export interface ItemToAnswer {
  readonly id: string;
  /** Bytes of the file that goes with the answer; 0: none. */
  readonly fileBytes: number;
}

const AGAIN_AFTER_MS = 500;

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
      if (outcome === 'done') return body as Answer;
      if (outcome === 'refused' && status !== undefined) throw new Error(`An answer was refused: ${status} ${reason}`);
      await sleep(AGAIN_AFTER_MS);
    }
  };
  const { id: draft } = await insist<{ id: string }>(() => call('POST', `/items/${id}/drafts`, { kind: 'reply' }));
  const countFiles = async () =>
    (await insist<{ attachments: unknown[] }>(() => call('GET', `/drafts/${draft}`))).attachments.length;
  while (fileBytes > 0 && (await countFiles()) === 0) {
    await call('POST', `/drafts/${draft}/attachments?name=a.bin`, Buffer.alloc(fileBytes, 'x'));
  }
  const confirmed = ['many-answers', 'answered-meanwhile'];
  await insist(() =>
    call(
      'POST',
      `/drafts/${draft}/send`,
      { completeItem: true, delaySeconds: 1, confirmed },
      { 'if-match': '"1"', 'idempotency-key': `send ${draft}` },
    ),
  );
}
