import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mailMessageProperties, parseMailMessage } from '../../graph/mail/mail-message.ts';
import { sample } from './sample.ts';

/** A message as a delta page gives it. */
function anItem(changes: Record<string, unknown> = {}) {
  return {
    '@odata.type': '#microsoft.graph.message',
    id: 'AAkA1',
    subject: 'Hello',
    from: { emailAddress: { name: 'Anna', address: 'anna@contoso.example' } },
    toRecipients: [{ emailAddress: { name: 'Help', address: 'help@contoso.example' } }],
    receivedDateTime: '2026-03-01T12:00:00Z',
    body: { contentType: 'html', content: '<p>Hi</p>' },
    parentFolderId: 'folder',
    ...changes,
  };
}

function parsedMessage(json: unknown, whole = false) {
  const parsed = parseMailMessage(json, whole);
  if (parsed.kind !== 'message') throw new Error(`${parsed.kind} instead of a message`);
  return parsed.message;
}

describe('a message of Graph', () => {
  test('is read whole from a recorded answer', () => {
    const recorded = sample('message-with-file-attachments');
    expect(parsedMessage(recorded)).toMatchObject({
      id: recorded.id,
      changeKey: 'CQAAABYAAABBFDg0JJk7TY1fmsJrh7tNAAEwI99F',
      internetMessageId: recorded.internetMessageId,
      conversationId: recorded.conversationId,
      subject: 'Mail with everything',
      receivedAt: new Date('2023-11-16T05:42:47Z'),
      sentAt: new Date('2023-11-16T05:42:46Z'),
      body: { contentType: 'html', content: (recorded.body as { content: string }).content },
      bodyPreview: recorded.bodyPreview,
      hasAttachments: true,
      importance: 'normal',
      isDraft: false,
      folderId: recorded.parentFolderId,
      headers: undefined,
      categories: [],
    });
  });

  test.each(['message-with-item-attachments', 'message-eventmessagerequest'])('is read from %s', (name) => {
    const recorded = sample(name);
    const message = parsedMessage(recorded);
    expect(message.subject).toBe(recorded.subject);
    const first = (recorded.toRecipients as { emailAddress: object }[])[0];
    expect(message.to[0]).toEqual(first?.emailAddress);
  });

  test('keeps the kind of body that really came, whatever was asked for', () => {
    const recorded = sample('message-get-text-body');
    expect(parsedMessage(recorded, true).body).toEqual(recorded.body);
    expect(parseMailMessage(recorded).kind).toBe('partial');
  });

  test('is read from a recorded list', () => {
    for (const item of sample('messages-list-real').value as { subject: string }[]) {
      expect(parsedMessage(item).subject).toBe(item.subject);
    }
  });

  test('carries its headers, and tells absent ones from none', () => {
    const internetMessageHeaders = [{ name: 'Received', value: 'from a' }, { name: 'X-Empty', value: null }, null];
    expect(parsedMessage(anItem({ internetMessageHeaders })).headers).toEqual([
      { name: 'Received', value: 'from a' },
      { name: 'X-Empty', value: '' },
    ]);
    expect(parsedMessage(anItem()).headers).toBeUndefined();
    expect(parsedMessage(anItem({ internetMessageHeaders: null })).headers).toEqual([]);
    const { internetMessageHeaders: recorded } = sample('message-get-headers-only');
    expect(parsedMessage(anItem({ internetMessageHeaders: recorded })).headers).toEqual(recorded);
  });

  test('is read although nearly everything in it is null', () => {
    const nulls = Object.fromEntries(mailMessageProperties.map((property) => [property, null]));
    expect(parsedMessage({ ...nulls, id: 'AAkA1' })).toEqual({
      id: 'AAkA1',
      subject: '',
      to: [],
      cc: [],
      bcc: [],
      replyTo: [],
      body: { contentType: 'text', content: '' },
      bodyPreview: '',
      headers: [],
      hasAttachments: false,
      importance: 'normal',
      isDraft: false,
      categories: [],
    });
  });

  test('keeps what is odd but readable', () => {
    const message = parsedMessage(
      anItem({
        subject: '\u0000 \ud800 lone',
        from: { emailAddress: { name: 'No address' } },
        toRecipients: [
          null,
          {},
          { emailAddress: { name: '', address: '' } },
          { emailAddress: { name: '\u200B ', address: 'A@b' } },
        ],
        importance: 'urgent',
        sentDateTime: 'yesterday',
      }),
    );
    expect(message).toMatchObject({
      subject: '\u0000 \ud800 lone',
      from: { name: 'No address' },
      importance: 'normal',
    });
    expect(message.to).toEqual([{ address: 'A@b' }]);
    expect(message.sentAt).toBeUndefined();
  });

  test.each(['subject', 'from', 'toRecipients', 'receivedDateTime', 'body', 'parentFolderId'])(
    'is partial in a delta page without %s, and an empty value when it was read by itself',
    (property) => {
      const { [property]: _, ...rest } = anItem() as Record<string, unknown>;
      expect(parseMailMessage(rest)).toEqual({ kind: 'partial', id: 'AAkA1' });
      // A body that we may not read is no body: that must not be stored as an empty mail.
      expect(parseMailMessage(rest, true).kind).toBe(property === 'body' ? 'unreadable' : 'message');
    },
  );

  test.each([
    ['a subject of another type', { subject: 7 }],
    ['a body of another type', { body: 'text' }],
    ['content of another type', { body: { contentType: 'html', content: [] } }],
    ['a date that is none', { receivedDateTime: 'yesterday' }],
  ])('is unreadable with %s, and tells what can be read', (_name, changes) => {
    expect(parseMailMessage(anItem(changes))).toMatchObject({
      kind: 'unreadable',
      id: 'AAkA1',
      reason: 'unreadable',
      preview: { from: { name: 'Anna', address: 'anna@contoso.example' } },
    });
  });

  test.each([[null], [7], ['x'], [[]], [{}], [{ id: 7 }], [{ id: '' }]])('is unreadable and nameless as %j', (json) => {
    expect(parseMailMessage(json)).toEqual({ kind: 'unreadable', id: undefined, reason: 'unreadable' });
  });

  test('never makes the reader throw, whatever it is', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.anything());
    const properties = fc.record(Object.fromEntries(mailMessageProperties.map((name) => [name, anything])), {
      requiredKeys: [],
    });
    const changed = properties.map((changes) => anItem(changes));
    fc.assert(
      fc.property(fc.oneof(anything, properties, changed), fc.boolean(), (json, whole) => {
        expect(['message', 'partial', 'unreadable']).toContain(parseMailMessage(json, whole).kind);
      }),
      { numRuns: 1_000 },
    );
  });
});
