import { type ChildProcess, fork } from 'node:child_process';
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useApplicationAccess } from '../../database/accounts/account-access.ts';
import { findAnswer } from '../../database/answers/answer-views.ts';
import { addAttachment } from '../../database/answers/draft-attachments.ts';
import { type DraftContent, openDraft, saveDraft } from '../../database/answers/drafts.ts';
import { markSent, retryAnswer, scheduleAnswer, undoSend } from '../../database/answers/outbox.ts';
import {
  requestCheck,
  switchApplicationAccess,
  takeDueCheck,
} from '../../database/application-access/application-access.ts';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import type { AnswerKind } from '../../domain/answer.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { graphPermissions } from '../../graph/entra/scopes.ts';
import { checkApplicationScope } from '../../ingest/access/check-application-scope.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { signedIn, simulatorSettings } from '../graph/simulated-sign-in.ts';
import { eventually } from '../support/eventually.ts';
import { aPortal, type LyingProxy, startLyingProxy } from '../support/lying-proxy.ts';
import { aMail, type MailPart } from '../support/mime.ts';
import { FAST_SENDING } from './fast-sending.ts';
import { createRunner, type Reader, startReader } from './reader.ts';

const AGENT = 'user:00000000-0000-7000-8000-000000000001';
const key = randomBytes(32);
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

let reader: Reader;
beforeAll(async () => {
  reader = await startReader({
    sendingTimes: FAST_SENDING,
    keys: createKeyRing([{ id: 'test', key: createSecretKey(key) }]),
  });
  await reader.db.updateTable('settings').set({ sendingEnabled: true }).execute();
  await consentTo([...graphPermissions('own', 'sending'), ...graphPermissions('shared', 'sending')]);
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

/** What an administrator of the tenant approves. */
const consentTo = (permissions: readonly string[]) =>
  reader.control.call('POST', `/apps/${MAILROOM_CLIENT_ID}/consents`, {
    delegated: ['openid', 'profile', 'offline_access', ...permissions],
  });

interface SentMail {
  readonly id: number;
  readonly subject: string;
  readonly recipients: readonly string[];
  readonly from: { readonly address: string };
  readonly sender: { readonly address: string };
}

/** A mailbox that may send, with one mail in a queue. */
async function aMailToAnswer({ parts, isShared = false }: { parts?: readonly MailPart[]; isShared?: boolean } = {}) {
  const { id: accountId, address } = await reader.connect();
  const person = `person-${address}`;
  if (isShared) {
    await reader.control.call('PUT', `/mailboxes/${address}/delegates/${person}`);
    const store = await signedIn(reader.dependencies.cloud, person, simulatorSettings, 'shared');
    await putTokenCache(reader.db, reader.dependencies.keys, accountId, (await store.read())?.cache ?? '');
    await reader.db.updateTable('accounts').set({ signInAs: person }).where('id', '=', accountId).execute();
  }
  await reader.db
    .updateTable('accounts')
    .set({ sendingEnabled: true, sendingGranted: true })
    .where('id', '=', accountId)
    .execute();
  const subject = `Order ${randomUUID()}`;
  const url = `${reader.simulatorUrl}/control/mailboxes/${address}/messages`;
  const quick = { subject, text: 'Where is my order?', from: 'Ada <ada@example.org>' };
  const delivered = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': parts === undefined ? 'application/json' : 'message/rfc822' },
    body: parts === undefined ? JSON.stringify(quick) : aMail({ subject, parts }),
  });
  expect(delivered.ok).toBe(true);
  await reader.drain(accountId);
  const item = await reader.db
    .selectFrom('items')
    .select('id')
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow();
  return { accountId, address, person, subject, itemId: item.id };
}

type Mail = Awaited<ReturnType<typeof aMailToAnswer>>;

async function draftOf(
  { itemId }: Pick<Mail, 'itemId'>,
  change: Partial<DraftContent> = {},
  kind: AnswerKind = 'reply',
) {
  const opened = await openDraft(reader.db, AGENT, { itemId, kind });
  if (!('draft' in opened)) throw new Error(opened.outcome);
  const { id, version, recipients, subject } = opened.draft;
  const content = { recipients, subject, format: 'html', body: '<p>Here it is.</p>', includesQuote: true } as const;
  await saveDraft(reader.db, AGENT, { id, version }, { ...content, ...change });
  return id;
}

async function schedule(answerId: string, { completeItem = false, delayMs = 0 } = {}) {
  return await scheduleAnswer(reader.db, AGENT, {
    answerId,
    version: undefined,
    requestKey: randomUUID(),
    completeItem,
    knowsOthers: false,
    delayMs,
  });
}

/** Attempts as the workflow does, until nothing is left to do. */
async function sendToTheEnd(answerId: string, attempt = () => reader.sendAnswer(answerId)) {
  const endsAt = Date.now() + 40_000;
  for (let nextInMs: number | null = 0; nextInMs !== null; ) {
    if (Date.now() > endsAt) throw new Error('The answer is still being sent');
    await sleep(nextInMs);
    ({ nextInMs } = await attempt());
  }
  return await stateOf(answerId);
}

async function stateOf(answerId: string) {
  const answer = await findAnswer(reader.db, answerId);
  return {
    state: answer?.state,
    reason: answer?.reason,
    code: answer?.code,
    webLink: answer?.webLink,
    messageId: answer?.internetMessageId,
  };
}

const outboxOf = async (address: string) =>
  (await reader.control.call<{ mails: SentMail[] }>('GET', `/outbox?mailbox=${address}&top=100`)).mails;

async function draftsOf(address: string): Promise<number> {
  const { messages } = await reader.control.call<{ messages: unknown[] }>(
    'GET',
    `/mailboxes/${address}/messages?folder=drafts`,
  );
  return messages.length;
}

const itemOf = async ({ itemId }: Mail) =>
  await reader.db.selectFrom('items').select(['state', 'claimedBy']).where('id', '=', itemId).executeTakeFirstOrThrow();

async function* bytesOf(count: number): AsyncIterable<Uint8Array> {
  yield Buffer.alloc(count, 'x');
}

async function mimeOf(id: number): Promise<string> {
  const response = await fetch(`${reader.simulatorUrl}/control/outbox/${id}`);
  return await response.text();
}

describe('an answer', () => {
  it('is sent once, in the thread of the mail, with our text above the quote, and is proved by the sent mail', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await schedule(id);
    const end = await sendToTheEnd(id);
    expect(end).toMatchObject({ state: 'sent', reason: null, messageId: expect.stringMatching(/^<.*>$/) });
    const sent = await outboxOf(mail.address);
    expect(sent.map(({ subject, recipients }) => [subject, recipients])).toEqual([
      [`Re: ${mail.subject}`, ['ada@example.org']],
    ]);
    const mime = await mimeOf(sent[0]?.id ?? 0);
    expect(mime).toMatch(/In-Reply-To: </i);
    expect(mime.indexOf('Here it is.')).toBeGreaterThan(0);
    expect(mime.indexOf('Here it is.')).toBeLessThan(mime.indexOf('Where is my order?'));
    expect(mime).not.toContain(id);
  });

  it('is forwarded with the attachments of the mail, and with its own', async () => {
    const mail = await aMailToAnswer();
    const recipients = { to: [{ address: 'bo@example.org' }], cc: [], bcc: [] };
    const id = await draftOf(mail, { recipients }, 'forward');
    for (const [name, bytes] of [
      ['small.bin', 10],
      ['empty.bin', 0],
      ['large.bin', 4_000_000],
    ] as const) {
      const file = { name, contentType: 'application/octet-stream', isInline: false };
      await addAttachment(reader.db, reader.dependencies.keys, AGENT, id, file, bytesOf(bytes));
    }
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    const [sent] = await outboxOf(mail.address);
    expect(sent?.recipients).toEqual(['bo@example.org']);
    const mime = await mimeOf(sent?.id ?? 0);
    for (const name of ['small.bin', 'empty.bin', 'large.bin']) expect(mime).toContain(name);
    expect(mime.length).toBeGreaterThan(4_000_000);
    const parts = await reader.db
      .selectFrom('answerAttachmentParts')
      .innerJoin('answerAttachments', 'answerAttachments.id', 'attachmentId')
      .select('number')
      .where('answerId', '=', id)
      .execute();
    expect(parts).toEqual([]);
  });

  it('has its own pictures and those of the quote as attachments that its text shows, and none as data', async () => {
    const picture = { name: 'logo.gif', bytes: GIF, contentType: 'image/gif', contentId: 'logo@1' };
    const mail = await aMailToAnswer({ parts: [picture] });
    const logo = `<img src="data:image/gif;base64,${GIF.toString('base64')}" alt="Logo">`;
    const id = await draftOf(mail, { body: `<p>Here.</p>${logo}<div class="mailroom-signature">${logo}</div>` });
    await reader.control.addFault({
      kind: 'lost-answer',
      endpoint: 'POST /v1.0/me/messages/{id}/attachments',
      mailbox: mail.address,
      count: 1,
    });
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    const [sent] = await outboxOf(mail.address);
    const { html, attachments } = await simpleParser(await mimeOf(sent?.id ?? 0), { keepCidLinks: true });
    const shown = [...String(html).matchAll(/<img[^>]*src="([^"]*)"/g)].map(([, src]) => src);
    expect(shown).toEqual([expect.stringMatching(/^cid:/), shown[0], 'cid:logo@1']);
    const files = attachments.map(({ cid, contentType, content }) => [`cid:${cid}`, contentType, content.equals(GIF)]);
    expect(files.toSorted()).toEqual(
      [
        [shown[0], 'image/gif', true],
        ['cid:logo@1', 'image/gif', true],
      ].toSorted(),
    );
    expect((await findAnswer(reader.db, id))?.body).toContain('data:image/gif');
  });

  it('goes without the quote, and as plain text, if that is wanted', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail, { format: 'text', body: 'Grüße <b>', includesQuote: false });
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    const [sent] = await outboxOf(mail.address);
    const mime = await mimeOf(sent?.id ?? 0);
    expect(mime).toMatch(/content-type: text\/plain/i);
    expect(mime).not.toContain('Where is my order');
  });

  it('waits for its time, and is a draft again when it is undone before it; undone and sent again, it is sent once', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await schedule(id, { completeItem: true, delayMs: 60_000 });
    expect((await reader.sendAnswer(id)).nextInMs).toBeGreaterThan(50_000);
    expect(await itemOf(mail)).toMatchObject({ state: 'completed', claimedBy: AGENT });
    expect((await undoSend(reader.db, id)).outcome).toBe('done');
    expect(await itemOf(mail)).toMatchObject({ state: 'claimed', claimedBy: AGENT });
    expect(await reader.sendAnswer(id)).toEqual({ nextInMs: null });
    expect(await stateOf(id)).toMatchObject({ state: 'draft' });
    await schedule(id);
    await sendToTheEnd(id);
    expect((await undoSend(reader.db, id)).outcome).toBe('refused');
    expect(await outboxOf(mail.address)).toHaveLength(1);
  });
});

describe('an answer from a shared mailbox', () => {
  const sentItemsOf = async (address: string) =>
    (await reader.control.call<{ messages: unknown[] }>('GET', `/mailboxes/${address}/messages?folder=sentitems`))
      .messages.length;

  it.each([
    ['as it', 'as'],
    ['on its behalf', 'on-behalf'],
  ])('is sent %s, with its files, and stands in its Sent Items', async (_what, right) => {
    const mail = await aMailToAnswer({ isShared: true });
    await reader.control.call('PUT', `/mailboxes/${mail.address}/senders/${mail.person}`, { right });
    const id = await draftOf(mail);
    for (const bytes of [10, 4_000_000]) {
      const file = { name: `${bytes}.bin`, contentType: 'application/octet-stream', isInline: false };
      await addAttachment(reader.db, reader.dependencies.keys, AGENT, id, file, bytesOf(bytes));
    }
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    const [sent] = await outboxOf(mail.address);
    expect(sent).toMatchObject({
      from: { address: mail.address },
      sender: { address: right === 'as' ? mail.address : mail.person },
    });
    expect([await sentItemsOf(mail.address), await sentItemsOf(mail.person)]).toEqual([1, 0]);
  });

  it('is not sent again when a backup from before it was restored', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await schedule(id);
    const { messageId } = await sendToTheEnd(id);
    const notYet = { triedAt: null, sendRequestedAt: null, sendAcceptedAt: null, endedAt: null };
    const nothingKnown = { graphId: null, quote: null, graphAttachments: [], internetMessageId: null, webLink: null };
    await reader.db
      .updateTable('answers')
      .set({ state: 'scheduled', attempt: 0, sendAt: new Date(Date.now() - 600_000), ...notYet, ...nothingKnown })
      .where('id', '=', id)
      .execute();
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', messageId });
    expect(await outboxOf(mail.address)).toHaveLength(1);
  });

  it('comes back where the person who signed in may not send as it, or where Microsoft takes no large file for it', async () => {
    const mail = await aMailToAnswer({ isShared: true });
    await reader.control.call('PUT', `/mailboxes/${mail.address}/senders/${mail.person}`, { right: 'none' });
    const id = await draftOf(mail);
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({
      state: 'failed',
      reason: 'send-as-denied',
      code: 'ErrorSendAsDenied',
    });
    const other = await aMailToAnswer({ isShared: true });
    const large = await draftOf(other);
    const file = { name: 'a.bin', contentType: 'application/octet-stream', isInline: false };
    await addAttachment(reader.db, reader.dependencies.keys, AGENT, large, file, bytesOf(4_000_000));
    await reader.control.addFault({ kind: 'access-denied', endpoint: 'createUploadSession', mailbox: other.address });
    await schedule(large);
    expect(await sendToTheEnd(large)).toMatchObject({ state: 'failed', reason: 'large-file-refused' });
    expect(await draftsOf(other.address)).toBe(0);
  });
});

describe('an answer from a mailbox with application access', () => {
  const allow = async (address: string, roles: readonly string[]) =>
    await reader.control.call('PUT', `/apps/${MAILROOM_CLIENT_ID}/exchange-roles`, {
      roles: roles.map((role) => ({ role, mailboxes: [address] })),
    });

  it('is sent with the rights of the application, and comes back where Exchange does not give them', async () => {
    const mail = await aMailToAnswer();
    const reading = ['Application Mail.ReadWrite'];
    await allow(mail.address, reading);
    await reader.control.call('POST', '/mailboxes', { address: 'board@contoso.example' });
    await requestCheck(reader.db, ['board@contoso.example']);
    const due = await takeDueCheck(reader.db);
    if (due) await checkApplicationScope(reader.dependencies, due, new AbortController().signal);
    await switchApplicationAccess(reader.db, 'test', true);
    await useApplicationAccess(reader.db, 'test', mail.accountId);
    const refused = await draftOf(mail);
    await schedule(refused);
    expect(await sendToTheEnd(refused)).toMatchObject({ state: 'failed', reason: 'access-denied' });
    await allow(mail.address, [...reading, 'Application Mail.Send']);
    expect(await retryAnswer(reader.db, AGENT, refused)).toMatchObject({ outcome: 'done' });
    expect(await sendToTheEnd(refused)).toMatchObject({ state: 'sent', reason: null });
    const [sent] = await outboxOf(mail.address);
    expect(sent).toMatchObject({ from: { address: mail.address }, sender: { address: mail.address } });
  });
});

describe('an answer is sent once although', () => {
  it.each([
    ['createReply', 'lost-answer', 'createReply'],
    ['createReply', 'failed-answer', 'createReply'],
    ['the change of the draft', 'lost-answer', 'PATCH'],
    ['an attachment', 'lost-answer', 'attachments'],
    ['sending', 'lost-answer', '/send'],
    ['sending', 'failed-answer', '/send'],
  ])('the answer to %s is missing (%s)', async (_what, kind, endpoint) => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    const file = { name: 'a.txt', contentType: 'text/plain', isInline: false };
    await addAttachment(reader.db, reader.dependencies.keys, AGENT, id, file, bytesOf(5));
    await reader.control.addFault({ kind, endpoint, mailbox: mail.address, count: 1 });
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    const sent = await outboxOf(mail.address);
    expect(sent).toHaveLength(1);
    expect((await mimeOf(sent[0]?.id ?? 0)).match(/filename="?a\.txt/g)).toHaveLength(1);
    expect(await draftsOf(mail.address)).toBe(0);
  });

  it.each([
    ['is not available', { kind: 'unavailable', count: 2 }],
    ['asks to wait', { kind: 'throttle', retryAfterSeconds: 1, count: 2 }],
    ['breaks connections', { kind: 'reset', count: 2 }],
  ])('Microsoft %s at every step', async (_what, fault) => {
    for (const endpoint of ['createReply', 'PATCH', '/send']) {
      const mail = await aMailToAnswer();
      const id = await draftOf(mail);
      await reader.control.addFault({ ...fault, endpoint, mailbox: mail.address });
      await schedule(id);
      expect([endpoint, await sendToTheEnd(id)]).toMatchObject([endpoint, { state: 'sent' }]);
      expect([endpoint, await outboxOf(mail.address)]).toMatchObject([endpoint, [{}]]);
    }
  });

  it('the mail leaves late, and attempts overlap', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await reader.control.addFault({ kind: 'late-send', mailbox: mail.address, delayMs: 900 });
    await schedule(id);
    const together = async () => {
      const reports = await Promise.all([1, 2, 3].map(() => reader.sendAnswer(id)));
      const waits = reports.map(({ nextInMs }) => nextInMs);
      return { nextInMs: waits.includes(null) ? null : Math.min(...waits.map(Number)) };
    };
    await sendToTheEnd(id, together);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    expect(await outboxOf(mail.address)).toHaveLength(1);
  });
});

/** Each with its file, in a request before (`slow`) or after (`lost-answer`) it is carried out. */
const steps: readonly (readonly [kind: 'slow' | 'lost-answer', endpoint: string, fileBytes: number])[] = [
  ['slow', 'createReply', 0],
  ['lost-answer', 'createReply', 0],
  ['slow', 'GET /v1.0/me/messages/{id}', 5],
  ['slow', 'GET /v1.0/me/messages/{id}/attachments', 5],
  ['slow', 'PATCH', 5],
  ['lost-answer', 'PATCH', 5],
  ['slow', 'POST /v1.0/me/messages/{id}/attachments', 5],
  ['lost-answer', 'POST /v1.0/me/messages/{id}/attachments', 5],
  ['slow', 'createUploadSession', 4_000_000],
  ['lost-answer', 'createUploadSession', 4_000_000],
  ['slow', 'AttachmentSessions', 4_000_000],
  ['lost-answer', 'AttachmentSessions', 4_000_000],
  ['slow', '/send', 5],
  ['lost-answer', '/send', 5],
];
/** Long enough that all of them stand still at once. */
const HELD_MS = 6_000;

describe('answers are sent once although their worker', () => {
  /** Answers that stand still, each in the middle of one step, in a process of their own. */
  async function standStillAtEachStep() {
    const answers = [];
    for (const [kind, endpoint, fileBytes] of steps) {
      const mail = await aMailToAnswer();
      const id = await draftOf(mail);
      if (fileBytes > 0) {
        const file = { name: 'a.bin', contentType: 'application/octet-stream', isInline: false };
        await addAttachment(reader.db, reader.dependencies.keys, AGENT, id, file, bytesOf(fileBytes));
      }
      await reader.control.addFault({ kind, endpoint, mailbox: mail.address, count: 1, delayMs: HELD_MS });
      await schedule(id);
      answers.push({ id, mail, step: `${kind} ${endpoint}`, files: fileBytes > 0 ? 1 : 0 });
    }
    const worker = sendElsewhere(answers.map(({ id }) => id));
    await eventually(
      async () => {
        expect((await reader.control.call<{ faults: unknown[] }>('GET', '/faults')).faults).toEqual([]);
      },
      { timeoutMs: 30_000 },
    );
    return { answers, worker, heldUntil: Date.now() + HELD_MS };
  }
  type Answers = Awaited<ReturnType<typeof standStillAtEachStep>>['answers'];

  function sendElsewhere(answerIds: readonly string[]): ChildProcess {
    const args = [answerIds.join(), reader.databaseUrl, reader.simulatorUrl, key.toString('base64')];
    return fork(join(import.meta.dirname, 'sending-process.ts'), args, { execArgv: [] });
  }

  async function expectEachOnce(answers: Answers): Promise<void> {
    for (const { id, mail, step, files } of answers) {
      const sent = await outboxOf(mail.address);
      const mime = await mimeOf(sent[0]?.id ?? 0);
      expect({
        step,
        ...(await stateOf(id)),
        sent: sent.length,
        files: mime.match(/filename="?a\.bin/g)?.length ?? 0,
        drafts: await draftsOf(mail.address),
      }).toMatchObject({ step, state: 'sent', reason: null, sent: 1, files, drafts: 0 });
    }
  }

  it('is killed at any step', async () => {
    const { answers, worker, heldUntil } = await standStillAtEachStep();
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await Promise.all(answers.map(({ id }) => sendToTheEnd(id)));
    // What was on its way when the worker died is carried out after all.
    await sleep(Math.max(0, heldUntil - Date.now()));
    // Among it a draft that Graph makes after the answer was sent from another one: nothing but the marker leads to it.
    await Promise.all(answers.map(({ id }) => sendToTheEnd(id)));
    await expectEachOnce(answers);
  }, 60_000);

  it('stands still at any step for longer than its lease, and goes on when another has sent them', async () => {
    const { answers, worker, heldUntil } = await standStillAtEachStep();
    worker.kill('SIGSTOP');
    await Promise.all(answers.map(({ id }) => sendToTheEnd(id)));
    // Its requests were carried out, and their answers wait for it: among them that a draft was made.
    await sleep(heldUntil - Date.now());
    worker.kill('SIGCONT');
    await once(worker, 'exit');
    await expectEachOnce(answers);
  }, 60_000);
});

describe('a page of a portal in place of an answer', () => {
  let proxy: LyingProxy;
  beforeAll(async () => {
    proxy = await startLyingProxy(reader.simulatorUrl);
  });
  afterAll(() => proxy[Symbol.asyncDispose]());

  const nothing = { status: 201, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };

  it.each([
    ['creating the draft', 'POST', /\/createReply$/, aPortal],
    ['reading it', 'GET', /,body$/, aPortal],
    ['changing it', 'PATCH', /\/messages\/[^/]+$/, aPortal],
    ['changing it, with an empty answer', 'PATCH', /\/messages\/[^/]+$/, { ...nothing, status: 200 }],
    ['attaching a small file', 'POST', /\/attachments$/, aPortal],
    ['attaching a small file, with an empty answer', 'POST', /\/attachments$/, nothing],
    ['opening an upload', 'POST', /\/createUploadSession$/, aPortal],
    ['uploading', 'PUT', /./, aPortal],
    ['a range that arrived', 'PUT', /./, aPortal, { isCarriedOut: true }],
    ['sending', 'POST', /\/send$/, aPortal],
    ['looking at what was sent', 'GET', /\/messages\/[^/]+\?\$select=id,isDraft,[^?]*parentFolderId$/, aPortal],
  ] as const)('is not taken for %s: the answer is sent once, and whole', async (_step, method, path, told, how?) => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    for (const [name, bytes] of [
      ['small.bin', 10],
      ['large.bin', 3_500_000],
    ] as const) {
      const file = { name, contentType: 'application/octet-stream', isInline: false };
      await addAttachment(reader.db, reader.dependencies.keys, AGENT, id, file, bytesOf(bytes));
    }
    let lies = 0;
    proxy.lie = async (request, ask) => {
      const isStruck = request.method === method && path.test(decodeURIComponent(request.url)) && lies === 0;
      if (!isStruck) return undefined;
      lies += 1;
      if (how?.isCarriedOut) await ask();
      return told;
    };
    const { dependencies } = reader;
    const cloud = { ...dependencies.cloud, graphUrl: proxy.url };
    const { sendAnswer } = createRunner({ ...dependencies, cloud });
    await schedule(id);
    expect(await sendToTheEnd(id, () => sendAnswer(id))).toMatchObject({ state: 'sent', reason: null });
    expect(lies).toBe(1);
    const [sent, ...more] = await outboxOf(mail.address);
    expect(more).toEqual([]);
    const mime = await mimeOf(sent?.id ?? 0);
    for (const whole of ['Here it is.', 'small.bin', 'large.bin'])
      expect(mime.split(whole).length - 1).toBeGreaterThan(0);
    expect(mime.match(/filename="?(small|large)\.bin/g)).toHaveLength(2);
    expect(await draftsOf(mail.address)).toBe(0);
  });
});

describe('an answer comes back to its person', () => {
  it.each([
    ['mailbox-full', { kind: 'quota' }],
    ['send-as-denied', { kind: 'send-refused', status: 403, error: 'ErrorSendAsDenied' }],
    ['message-too-large', { kind: 'send-refused', status: 413, error: 'ErrorMessageSizeExceeded' }],
    ['send-quota-used-up', { kind: 'send-refused', status: 403, error: 'ErrorExceededMessageLimit' }],
    ['sending-blocked', { kind: 'send-refused', status: 403, error: 'ErrorMessageSubmissionBlocked' }],
    ['recipient-refused', { kind: 'send-refused', status: 400, error: 'ErrorInvalidRecipients' }],
    ['refused', { kind: 'send-refused', status: 400, error: 'ErrorSomethingNew' }],
  ])('with the draft intact, the item open, and nothing in the mailbox: %s', async (reason, fault) => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await reader.control.addFault({ ...fault, mailbox: mail.address });
    await schedule(id, { completeItem: true });
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'failed', reason });
    expect(await findAnswer(reader.db, id)).toMatchObject({ body: '<p>Here it is.</p>', completedItem: false });
    expect(await itemOf(mail)).toMatchObject({ state: 'waiting', claimedBy: null });
    await reader.control.clearFaults();
    expect(await draftsOf(mail.address)).toBe(0);
    expect(await outboxOf(mail.address)).toEqual([]);
    await retryAnswer(reader.db, AGENT, id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    expect(await outboxOf(mail.address)).toHaveLength(1);
    expect(await itemOf(mail)).toEqual({ state: 'completed', claimedBy: AGENT });
  });

  it('when the account was disabled, removed, forbidden to send, or signed out in the meantime', async () => {
    const changes = {
      'account-disabled': { enabled: false },
      'account-removed': { removedAt: new Date() },
      'sending-not-enabled': { sendingEnabled: false },
      'sign-in-needed': { signIn: 'needed' },
    } as const;
    for (const [reason, change] of Object.entries(changes)) {
      const mail = await aMailToAnswer();
      const id = await draftOf(mail);
      await schedule(id);
      await reader.db.updateTable('accounts').set(change).where('id', '=', mail.accountId).execute();
      expect(await sendToTheEnd(id)).toMatchObject({ state: 'failed', reason });
    }
  });

  it('when the sign-in does not allow sending, which the account then says, while its mail is read', async () => {
    await reader.control.call('DELETE', `/apps/${MAILROOM_CLIENT_ID}/consents`);
    await consentTo(graphPermissions('own'));
    try {
      const mail = await aMailToAnswer();
      const id = await draftOf(mail);
      await schedule(id);
      expect(await sendToTheEnd(id)).toMatchObject({ state: 'failed', reason: 'consent-needed' });
      const account = await reader.db
        .selectFrom('accounts')
        .select(['sendingGranted', 'signIn'])
        .where('id', '=', mail.accountId)
        .executeTakeFirstOrThrow();
      expect(account).toEqual({ sendingGranted: false, signIn: 'done' });
      await reader.deliver(mail.address, 'still read');
      expect(await reader.drain(mail.accountId)).toMatchObject({ captured: 1 });
    } finally {
      await consentTo([...graphPermissions('own', 'sending'), ...graphPermissions('shared', 'sending')]);
    }
  });

  it('when the mail that it answers is gone', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await schedule(id);
    await reader.db.updateTable('messages').set({ graphId: 'gone' }).where('accountId', '=', mail.accountId).execute();
    expect(await sendToTheEnd(id)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/message-gone|refused/),
    });
  });
});

describe('an answer is unknown, and not sent again by itself', () => {
  it('when Microsoft accepted it and it stays a draft; a person may look, and mark it as sent', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await reader.control.addFault({ kind: 'lost-send', mailbox: mail.address, count: 1 });
    await schedule(id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'unknown', reason: 'still-a-draft' });
    expect(await outboxOf(mail.address)).toEqual([]);
    expect((await markSent(reader.db, AGENT, id)).outcome).toBe('done');
    expect(await stateOf(id)).toMatchObject({ state: 'sent' });
  });

  it('when it was not answered and is not to be found; sent again by a person, it is looked for first', async () => {
    const mail = await aMailToAnswer();
    const id = await draftOf(mail);
    await reader.control.addFault({ kind: 'lost-answer', endpoint: '/send', mailbox: mail.address, count: 1 });
    await schedule(id);
    await reader.sendAnswer(id);
    await reader.control.addFault({ kind: 'not-found', endpoint: 'GET', mailbox: mail.address });
    await reader.control.addFault({ kind: 'unavailable', endpoint: 'GET', mailbox: mail.address });
    await reader.db
      .updateTable('answers')
      .set({ scheduledAt: new Date(0) })
      .where('id', '=', id)
      .execute();
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'unknown', reason: 'no-answer' });
    await reader.control.clearFaults();
    await retryAnswer(reader.db, AGENT, id);
    expect(await sendToTheEnd(id)).toMatchObject({ state: 'sent', reason: null });
    expect(await outboxOf(mail.address)).toHaveLength(1);
  });
});
