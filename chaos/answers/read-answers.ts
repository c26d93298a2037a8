import type { ChaosStack } from '../stack/start-chaos-stack.ts';
import type { AnswerEvidence } from './check-answers-sent.ts';

interface Left {
  readonly id: number;
  readonly mailbox: string;
  readonly subject: string;
}

/** Reads what became of the answers of these items: their rows, and what left the simulated mailboxes. */
export async function readAnswers(
  { db, simulator }: ChaosStack,
  items: readonly { readonly id: string; readonly name: string }[],
): Promise<readonly AnswerEvidence[]> {
  const rows = await db
    .selectFrom('answers')
    .innerJoin('items', 'items.id', 'answers.itemId')
    .innerJoin('accounts', 'accounts.id', 'answers.accountId')
    .select(['answers.id', 'itemId', 'answers.state', 'answers.reason', 'items.state as itemState', 'accounts.address'])
    .execute();
  // An agent whose upload was not answered may have sent its file again: both belong to the answer.
  const files = await db.selectFrom('answerAttachments').select('answerId').where('isComplete', '=', true).execute();
  const { mails } = await simulator.call<{ mails: Left[] }>('GET', '/outbox?top=500');
  const sentItems = new Map<string, readonly { subject: string }[]>();
  for (const address of new Set(rows.map((row) => row.address))) {
    const path = `/mailboxes/${address}/messages?folder=sentitems&top=500`;
    sentItems.set(address, (await simulator.call<{ messages: { subject: string }[] }>('GET', path)).messages);
  }
  return await Promise.all(
    items.map(async ({ id, name }) => {
      const row = rows.find(({ itemId }) => itemId === id);
      const subject = `Re: ${name}`;
      const left = mails.filter((mail) => mail.subject === subject);
      return {
        name,
        state: row?.state ?? 'missing',
        reason: row?.reason ?? null,
        itemState: row?.itemState ?? 'missing',
        left: left.length,
        inSentItems: (sentItems.get(row?.address ?? '') ?? []).filter((mail) => mail.subject === subject).length,
        files: files.filter(({ answerId }) => answerId === row?.id).length,
        filesSent: await Promise.all(left.map((mail) => countFiles(simulator.url, mail.id))),
      };
    }),
  );
}

async function countFiles(simulatorUrl: string, id: number): Promise<number> {
  const mime = await (await fetch(`${simulatorUrl}/control/outbox/${id}`)).text();
  return mime.match(/filename="?a\.bin/g)?.length ?? 0;
}
