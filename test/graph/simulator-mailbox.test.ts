import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type MicrosoftCloud, microsoftCloud } from '../../graph/cloud.ts';
import { acquireAccessToken } from '../../graph/entra/access-token.ts';
import type { DeltaEntry } from '../../graph/mail/delta-page.ts';
import { createMailboxClient, type DeltaPosition, type MailboxClient } from '../../graph/mail/mailbox-client.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { control, simulatorSettings as settings, signedIn } from './simulated-sign-in.ts';

let simulator: Simulator;
let cloud: MicrosoftCloud;

beforeAll(async () => {
  simulator = await startSimulator();
  cloud = microsoftCloud('simulator', simulator.url);
});
afterAll(() => simulator.close());
afterEach(() => control(simulator.url, 'DELETE', '/control/faults'));

interface Delivered {
  readonly id: string;
  readonly immutableId: string;
}

/** A mailbox of its own for each test, already signed in. */
async function aMailbox(name: string) {
  const address = `${name}@contoso.example`;
  const store = await signedIn(cloud, address);
  const client = createMailboxClient({
    cloud,
    getAccessToken: async (options) => (await acquireAccessToken({ cloud, settings, store, ...options })).token,
    retry: { retries: 3, firstDelayMs: 1, maxDelayMs: 20 },
  });
  const path = `/control/mailboxes/${address}/messages`;
  return {
    address,
    client,
    deliver: (subject: string, rest = 'Content-Type: text/html; charset=utf-8\n\n<p>Hallo</p>') =>
      control<Delivered>(
        simulator.url,
        'POST',
        path,
        `From: Änne <anna@fabrikam.example>\nTo: ${address}\nSubject: ${subject}\nMessage-ID: <${subject}@x>\n${rest}`,
      ),
    move: (id: string, folder: string) =>
      control(simulator.url, 'POST', `${path}/${encodeURIComponent(id)}/move`, { folder }),
    fault: (fault: object) => control(simulator.url, 'POST', '/control/faults', { mailbox: address, ...fault }),
  };
}

/** Reads on until the end of the round. */
async function walk(client: MailboxClient, from: DeltaPosition, pageSize = 10) {
  const entries: DeltaEntry[] = [];
  let pages = 0;
  for (let position = from; ; pages += 1) {
    const page = await client.readDeltaPage(position, { pageSize });
    entries.push(...page.entries);
    position = { link: page.link };
    if (!page.hasMore) return { entries, link: page.link, pages: pages + 1 };
  }
}

const inbox = { start: { folder: 'inbox' } };
const subjectsOf = (entries: DeltaEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'message' ? [entry.message.subject] : []));

test('says who signed in', async () => {
  const { client, address } = await aMailbox('who');
  const { addresses, userPrincipalName } = await client.readIdentity();
  expect(addresses).toContain(address);
  expect(userPrincipalName).toBe(address);
});

test('reads an inbox page by page, and afterwards only what is new', async () => {
  const { client, deliver } = await aMailbox('pages');
  const subjects = Array.from({ length: 7 }, (_, index) => `mail-${index}`);
  for (const subject of subjects) await deliver(subject);
  const first = await walk(client, inbox, 3);
  expect(first.pages).toBeGreaterThanOrEqual(3);
  expect(subjectsOf(first.entries).toSorted()).toEqual(subjects);

  const { immutableId } = await deliver('mail-7');
  const second = await walk(client, { link: first.link });
  expect(subjectsOf(second.entries)).toEqual(['mail-7']);
  expect(second.entries[0]).toMatchObject({ message: { id: immutableId } });
});

test('gives the whole message, as it was sent', async () => {
  const { client, deliver, address } = await aMailbox('whole');
  await deliver('whole', 'X-Mark: yes\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße</p>');
  const { entries } = await walk(client, inbox);
  expect(entries).toHaveLength(1);
  const [entry] = entries;
  expect(entry).toMatchObject({
    kind: 'message',
    message: {
      subject: 'whole',
      from: { name: 'Änne', address: 'anna@fabrikam.example' },
      to: [{ address }],
      internetMessageId: '<whole@x>',
      body: { contentType: 'html', content: expect.stringContaining('Grüße') },
      bodyPreview: 'Grüße',
      receivedAt: expect.any(Date),
      headers: expect.arrayContaining([{ name: 'X-Mark', value: 'yes' }]),
      hasAttachments: false,
      isDraft: false,
    },
  });
  const message = entry?.kind === 'message' ? entry.message : undefined;
  expect(await client.readMessage(message?.id ?? '')).toEqual(message);
});

test('leaves out what came before the start', async () => {
  const { client, deliver } = await aMailbox('since');
  await deliver('old');
  const receivedSince = new Date(Date.now() + 60_000);
  expect((await walk(client, { start: { folder: 'inbox', receivedSince } })).entries).toEqual([]);
});

test('sees a message leave, and finds it by the same id where it went', async () => {
  const { client, deliver, move } = await aMailbox('move');
  const { id, immutableId } = await deliver('moved');
  const { link } = await walk(client, inbox);
  await move(id, 'archive');
  expect((await walk(client, { link })).entries).toEqual([{ kind: 'removed', id: immutableId }]);
  expect(await client.readMessage(immutableId)).toMatchObject({ id: immutableId, subject: 'moved' });
});

test('lists attachments with their content ids, without content', async () => {
  const { client, deliver } = await aMailbox('attachments');
  const png = Buffer.from('not really a picture').toString('base64');
  await deliver(
    'attachments',
    `MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<img src="cid:logo@x">
--b
Content-Type: image/png; name=logo.png
Content-Disposition: inline; filename=logo.png
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

${png}
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="Rechnung.pdf"
Content-Transfer-Encoding: base64

${png}
--b--
`,
  );
  const { entries } = await walk(client, inbox);
  const id = entries[0]?.kind === 'message' ? entries[0].message.id : '';
  const attachments = await client.readAttachments(id);
  expect(attachments).toHaveLength(2);
  expect(attachments).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'file', name: 'logo.png', isInline: true, contentId: 'logo@x' }),
      expect.objectContaining({ kind: 'file', name: 'Rechnung.pdf', contentType: 'application/pdf', isInline: false }),
    ]),
  );
});

test('knows a message that is gone for good', async () => {
  const { client, deliver, address } = await aMailbox('gone');
  const { id, immutableId } = await deliver('gone');
  await control(simulator.url, 'DELETE', `/control/mailboxes/${address}/messages/${encodeURIComponent(id)}`);
  expect(await client.readMessage(immutableId)).toBeUndefined();
  await expect(client.readAttachments(immutableId)).rejects.toMatchObject({ reason: 'gone-before-read' });
  await expect(client.readMessage('no id at all')).rejects.toMatchObject({ reason: 'unreadable' });
});

test.each([
  ['password-changed', 'password-changed'],
  ['sign-in-frequency', 'sign-in-frequency'],
  ['expired', 'sign-in-expired'],
  ['consent-withdrawn', 'consent-needed'],
])('after %s, Graph challenges and Entra says why a person has to sign in again', async (revocation, reason) => {
  const { client, address } = await aMailbox(`revoked-${revocation}`);
  await walk(client, inbox);
  await control(simulator.url, 'POST', '/control/tokens/revoke', { address, reason: revocation });
  await expect(walk(client, inbox)).rejects.toMatchObject({ type: 'CredentialRejected', reason });
});

test('an access token that is over in the middle of a drain is renewed unseen', async () => {
  const settingsPath = '/control/tokens/settings';
  const { client, deliver } = await aMailbox('expired');
  await deliver('expired');
  const lifetimes = await control<object>(simulator.url, 'GET', settingsPath);
  await control(simulator.url, 'PATCH', settingsPath, { accessTokenLifetimeSeconds: 0 });
  const shortLived = await aMailbox('short-lived');
  await control(simulator.url, 'PATCH', settingsPath, lifetimes);
  await shortLived.deliver('renewed');
  expect(subjectsOf((await walk(shortLived.client, inbox)).entries)).toEqual(['renewed']);
  expect(subjectsOf((await walk(client, inbox)).entries)).toEqual(['expired']);
});

test('a changed message that tells only its change can be read again', async () => {
  const { client, deliver, fault, address } = await aMailbox('partial');
  const { id, immutableId } = await deliver('partial');
  const { link } = await walk(client, inbox);
  await fault({ kind: 'partial-updates' });
  await control(simulator.url, 'PATCH', `/control/mailboxes/${address}/messages/${encodeURIComponent(id)}`, {
    isRead: true,
  });
  expect((await walk(client, { link })).entries).toEqual([{ kind: 'partial', id: immutableId }]);
  expect(await client.readMessage(immutableId)).toMatchObject({ subject: 'partial' });
});

test('a lost sync state asks for a new walk, which finds the same mail under the same ids', async () => {
  const { client, deliver, address } = await aMailbox('lost');
  const { immutableId } = await deliver('lost');
  const { link } = await walk(client, inbox);
  await control(simulator.url, 'POST', `/control/mailboxes/${address}/lose-sync-state`);
  await expect(walk(client, { link })).rejects.toMatchObject({ type: 'CursorExpired', reason: 'sync-state-lost' });
  expect((await walk(client, inbox)).entries).toMatchObject([{ message: { id: immutableId } }]);
});

test('a malformed link does not lose the page that it came with', async () => {
  const { client, deliver, fault } = await aMailbox('malformed');
  await deliver('malformed');
  await fault({ kind: 'malformed-links', count: 1 });
  const { entries, link } = await walk(client, inbox);
  expect(subjectsOf(entries)).toEqual(['malformed']);
  await expect(walk(client, { link })).rejects.toMatchObject({ type: 'CursorExpired', reason: 'sync-state-lost' });
});

test.each([
  ['unavailable', {}],
  ['unavailable', { emptyBody: true }],
  ['error', {}],
  ['gateway-timeout', {}],
  ['reset', {}],
])('gets over a short fault: %s %o', async (kind, details) => {
  const { client, deliver, fault } = await aMailbox(`short-${kind}-${Object.keys(details)}`);
  await deliver('through');
  await fault({ kind, count: 2, ...details });
  expect(subjectsOf((await walk(client, inbox)).entries)).toEqual(['through']);
});

test('is told how long to wait when throttled', async () => {
  const { client, fault } = await aMailbox('throttled');
  await fault({ kind: 'throttle', count: 1, retryAfterSeconds: 2.128 });
  await expect(walk(client, inbox)).rejects.toMatchObject({ type: 'Throttled', retryAfterMs: 2_128 });
  expect((await walk(client, inbox)).entries).toEqual([]);
});

test('a message that the server cannot give is rejected alone', async () => {
  const { client, deliver, fault } = await aMailbox('corrupt');
  const { immutableId } = await deliver('corrupt');
  await fault({ kind: 'corrupt-message', messageId: immutableId });
  await expect(client.readMessage(immutableId)).rejects.toMatchObject({ type: 'MessageRejected' });
});

test('a full mailbox refuses delta', async () => {
  const { client, fault } = await aMailbox('full');
  await fault({ kind: 'quota', count: 1 });
  await expect(walk(client, inbox)).rejects.toMatchObject({ type: 'CursorExpired', reason: 'quota-exceeded' });
});

test('counts what a folder holds that was received then or later', async () => {
  const { client, deliver } = await aMailbox('counted');
  const hourAgo = new Date(Date.now() - 3_600_000);
  expect(await client.countMessages({ folder: 'inbox', receivedSince: hourAgo })).toBe(0);
  await deliver('first');
  await deliver('second');
  expect(await client.countMessages({ folder: 'inbox', receivedSince: hourAgo })).toBe(2);
  const inAnHour = new Date(Date.now() + 3_600_000);
  expect(await client.countMessages({ folder: 'inbox', receivedSince: inAnHour })).toBe(0);
});

test('does not take a count of -1 for none: Microsoft does not know', async () => {
  const { client, deliver, fault } = await aMailbox('uncounted');
  await deliver('one');
  await fault({ kind: 'unknown-count' });
  expect(await client.countMessages({ folder: 'inbox', receivedSince: new Date(0) })).toBeUndefined();
});
