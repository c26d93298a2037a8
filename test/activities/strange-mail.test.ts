import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_RECIPIENTS } from '../../domain/message-limits.ts';
import { control } from '../graph/simulated-sign-in.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;
beforeAll(async () => {
  reader = await startReader();
});
afterAll(() => reader.stop());

/** Delivers a raw mail to a mailbox of its own, and reads that. What is captured of it. */
async function captured(...lines: readonly string[]) {
  const { id, address } = await reader.connect();
  const mail = ['From: ada@example.org', ...lines, ''].join('\r\n');
  await control(reader.simulatorUrl, 'POST', `/control/mailboxes/${address}/messages`, mail);
  expect(await reader.drain(id)).toMatchObject({ captured: 1, quarantined: 0 });
  expect(await reader.subjects(id)).toHaveLength(1);
  const message = await reader.db
    .selectFrom('messages')
    .selectAll()
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
  const attachments = await reader.db
    .selectFrom('attachments')
    .select(['name', 'contentType', 'size'])
    .where('messageId', '=', message.id)
    .orderBy('position')
    .execute();
  return { ...message, attachments };
}
const attachment = (name: string, content = 'x') => [
  '--b',
  `Content-Type: application/octet-stream; name="${name}"`,
  `Content-Disposition: attachment; filename="${name}"`,
  '',
  content,
];

describe('a mail is queued, with what it is,', () => {
  it('whatever its attachments are called, also twice the same', async () => {
    const names = ['../../etc/passwd', 'invoice.pdf', 'invoice.pdf', 'CON', '..', 'a/b.txt'];
    const { attachments } = await captured(
      'Subject: names',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Hello',
      ...names.flatMap((name) => attachment(name)),
      '--b--',
    );
    expect(attachments.map(({ name }) => name)).toEqual(names);
  });

  it('to five thousand people', async () => {
    const to = Array.from({ length: 5_000 }, (_, n) => `p${n}@example.org`).join(',\r\n ');
    const { recipients, leftOut } = await captured('Subject: many', `To: ${to}`, '', 'Hello');
    expect(recipients.to).toHaveLength(MOST_RECIPIENTS);
    expect(leftOut).toMatchObject({ to: 5_000 - MOST_RECIPIENTS });
  });

  it('with two megabytes of headers', async () => {
    const headers = Array.from({ length: 2_000 }, (_, n) => `X-Header-${n}: ${'x'.repeat(1_000)}`);
    const { bodyText, leftOut } = await captured('Subject: long', ...headers, '', 'Hello');
    expect(bodyText.trim()).toBe('Hello');
    expect(leftOut?.headers).toBeGreaterThan(0);
  });

  it('where it is encrypted, or protected by rights', async () => {
    const { attachments } = await captured(
      'Subject: sealed',
      'MIME-Version: 1.0',
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="smime.p7m"',
      '',
      Buffer.from('sealed').toString('base64'),
    );
    expect(attachments).toMatchObject([{ name: 'smime.p7m' }]);
    const protectedMail = await captured(
      'Subject: protected',
      'MIME-Version: 1.0',
      'Content-Class: rpmsg.message',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'This message is protected.',
      ...attachment('message.rpmsg'),
      '--b--',
    );
    expect(protectedMail.attachments).toMatchObject([{ name: 'message.rpmsg' }]);
  });

  it.each(['Thu, 01 Jan 1970 00:00:00 +0000', 'Fri, 31 Dec 2099 23:59:59 +0000', 'yesterday, perhaps'])(
    'by when it was received, and not by its date: %s',
    async (date) => {
      const { receivedAt } = await captured('Subject: dated', `Date: ${date}`, '', 'Hello');
      expect(Math.abs(Date.now() - receivedAt.getTime())).toBeLessThan(60_000);
    },
  );
});
