import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acknowledgeItems } from '../../database/answers/acknowledge-items.ts';
import { changeQueue } from '../../database/queues/queues.ts';
import { graphPermissions } from '../../graph/entra/scopes.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { aQueue } from '../support/builders.ts';
import { FAST_SENDING } from './fast-sending.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;
beforeAll(async () => {
  reader = await startReader({ sendingTimes: FAST_SENDING });
  await reader.db.updateTable('settings').set({ sendingEnabled: true }).execute();
  await reader.control.call('POST', `/apps/${MAILROOM_CLIENT_ID}/consents`, {
    delegated: ['openid', 'profile', 'offline_access', ...graphPermissions('own', 'sending')],
  });
});
afterAll(() => reader.stop());

const acknowledgement = { html: '<p>Dear {{customer.name}}, about “{{subject}}”: {{item.number}}</p>', everyDays: 7 };

/** A mailbox that may send, whose mail goes to a queue with an acknowledgement. */
async function aMailbox({ sendingEnabled = true } = {}) {
  const { id: accountId, address } = await reader.connect();
  const queueId = await aQueue(reader.db);
  await changeQueue(reader.db, 'test', queueId, { acknowledgement });
  await reader.db
    .updateTable('accounts')
    .set({ sendingEnabled, sendingGranted: true, defaultQueueId: queueId })
    .where('id', '=', accountId)
    .execute();
  return { accountId, address, queueId };
}
type Mailbox = Awaited<ReturnType<typeof aMailbox>>;

async function receive({ accountId, address }: Mailbox, headers: Readonly<Record<string, string>> = {}) {
  const all = {
    From: 'Ada <ada@example.org>',
    To: address,
    Subject: 'Re: Order 7',
    'Message-ID': `<${randomUUID()}@example.org>`,
    'Content-Type': 'text/plain',
    ...headers,
  };
  const mime = `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\nHello\r\n`;
  const delivered = await fetch(`${reader.simulatorUrl}/control/mailboxes/${address}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: mime,
  });
  expect(delivered.ok).toBe(true);
  await reader.drain(accountId);
  return all['Message-ID'];
}

/** Decides about everything, sends it to the end, and returns what left the mailbox. */
async function acknowledge({ address }: Mailbox) {
  for (const id of await acknowledgeItems(reader.db, 100)) {
    for (let nextInMs: number | null = 0; nextInMs !== null; ) {
      await sleep(nextInMs);
      ({ nextInMs } = await reader.sendAnswer(id));
    }
  }
  const { mails } = await reader.control.call<{ mails: { id: number; recipients: string[] }[] }>(
    'GET',
    `/outbox?mailbox=${address}`,
  );
  return mails;
}

const outcomes = async ({ queueId }: Mailbox) =>
  (
    await reader.db
      .selectFrom('acknowledgements')
      .select('outcome')
      .where('queueId', '=', queueId)
      .orderBy('notedAt')
      .orderBy('itemId')
      .execute()
  ).map(({ outcome }) => outcome);

it('acknowledges a mail once, in its thread, as an automatic answer, and stands with the answers of its item', async () => {
  const mailbox = await aMailbox();
  const messageId = await receive(mailbox);
  const [sent, ...more] = await acknowledge(mailbox);
  expect([sent?.recipients, more]).toEqual([['ada@example.org'], []]);
  const mime = await (await fetch(`${reader.simulatorUrl}/control/outbox/${sent?.id}`)).text();
  const { headers, subject, inReplyTo, html } = await simpleParser(mime);
  expect(subject).toBe('Auto: Order 7');
  expect(inReplyTo).toBe(messageId);
  expect(headers.get('auto-submitted')).toBe('auto-replied');
  expect(headers.get('x-auto-response-suppress')).toBe('All');
  expect(html).toMatch(/Dear Ada, about “Re: Order 7”: [\dA-F]{8}</);
  expect(html).not.toContain('Hello');
  const answers = await reader.db
    .selectFrom('answers')
    .innerJoin('items', 'items.id', 'answers.itemId')
    .select(['author', 'answers.state', 'items.state as itemState'])
    .where('answers.accountId', '=', mailbox.accountId)
    .execute();
  expect(answers).toEqual([{ author: 'mailroom', state: 'sent', itemState: 'waiting' }]);
  expect(await outcomes(mailbox)).toEqual(['sent']);
});

it('sends none again when a backup from before it was restored, and the mail is captured again', async () => {
  const mailbox = await aMailbox();
  const ofAccount = ['accountId', '=', mailbox.accountId] as const;
  const backup = await reader.db
    .selectFrom('cursors')
    .selectAll()
    .where(...ofAccount)
    .executeTakeFirstOrThrow();
  await receive(mailbox);
  expect(await acknowledge(mailbox)).toHaveLength(1);

  for (const table of ['answers', 'items', 'messages', 'captured'] as const) {
    await reader.db
      .deleteFrom(table)
      .where(...ofAccount)
      .execute();
  }
  const { link, version, walked, complete } = backup;
  await reader.db
    .updateTable('cursors')
    .set({ link, version, walked, complete })
    .where(...ofAccount)
    .execute();
  await reader.drain(mailbox.accountId);
  const tenMinutesAgo = new Date(Date.now() - 600_000);
  await reader.db
    .updateTable('items')
    .set({ receivedAt: tenMinutesAgo })
    .where(...ofAccount)
    .execute();
  expect(await acknowledge(mailbox)).toHaveLength(1);
  expect(await outcomes(mailbox)).toEqual(['sent']);
});

it('sends one address one, however often and however many at once decide, and another address its own', async () => {
  const mailbox = await aMailbox();
  for (const name of ['ada', 'ada', 'ADA', 'bo']) {
    await receive(mailbox, { From: `<${name}@example.org>`, Subject: `From ${name}` });
  }
  await Promise.all([1, 2, 3].map(() => acknowledge(mailbox)));
  const mails = await acknowledge(mailbox);
  expect(
    mails
      .flatMap(({ recipients }) => recipients)
      .map((each) => each.toLowerCase())
      .toSorted(),
  ).toEqual(['ada@example.org', 'bo@example.org']);
  expect((await outcomes(mailbox)).toSorted()).toEqual(['acknowledged-before', 'acknowledged-before', 'sent', 'sent']);
});

it('ends with another responder that marks nothing, and between two mailboxes of ours it does not begin', async () => {
  const [mailbox, other] = [await aMailbox(), await aMailbox()];
  await receive(mailbox, { From: `<robot@example.org>` });
  for (const _ of [1, 2, 3]) {
    await acknowledge(mailbox);
    await receive(mailbox, { From: `<robot@example.org>`, Subject: 'Re: Auto: Order 7' });
  }
  expect(await acknowledge(mailbox)).toHaveLength(1);
  await receive(mailbox, { From: `<${other.address}>` });
  await receive(mailbox, { 'Auto-Submitted': 'auto-replied' });
  expect(await acknowledge(mailbox)).toHaveLength(1);
  expect(await outcomes(mailbox)).toEqual(expect.arrayContaining(['own-mailbox', 'automatic-mail']));
});

it('sends none where it was turned off, the mailbox may not send, or the mail is old', async () => {
  const [off, dumb, late] = [await aMailbox(), await aMailbox({ sendingEnabled: false }), await aMailbox()];
  await receive(off);
  await changeQueue(reader.db, 'test', off.queueId, { acknowledgement: null });
  await receive(dumb);
  await receive(late);
  await reader.db
    .updateTable('items')
    .set({ receivedAt: new Date(0) })
    .where('accountId', '=', late.accountId)
    .execute();
  expect([await acknowledge(off), await acknowledge(dumb), await acknowledge(late)]).toEqual([[], [], []]);
  expect([await outcomes(off), await outcomes(dumb), await outcomes(late)]).toEqual([
    ['turned-off'],
    ['cannot-send'],
    ['too-old'],
  ]);
  await receive(off);
  expect(await outcomes(off)).toEqual(['turned-off']);
});
