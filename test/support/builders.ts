import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { NewMessage } from '../../database/capture/message-insertion.ts';
import type { Database } from '../../database/database.ts';
import type { AccountsTable } from '../../database/schema.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';

/** A key ring with one random key. */
export function aKeyRing() {
  return createKeyRing([{ id: 'test', key: createSecretKey(randomBytes(32)) }]);
}

/** Inserts a queue; its id. */
export async function aQueue(db: Database, name = `Queue ${randomUUID()}`): Promise<string> {
  const { id } = await db.insertInto('queues').values({ name }).returning('id').executeTakeFirstOrThrow();
  return id;
}

/** Inserts an account that is signed in, enabled, and captures mail received since 2020; its id. */
export async function anAccount(db: Database, account: Partial<Insertable<AccountsTable>> = {}): Promise<string> {
  const { id } = await db
    .insertInto('accounts')
    .values({
      address: `${randomUUID()}@contoso.example`,
      signIn: 'done',
      captureFrom: new Date('2020-01-01T00:00:00Z'),
      defaultQueueId: account.defaultQueueId === undefined ? await aQueue(db) : account.defaultQueueId,
      ...account,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A message that nobody has captured yet. */
export function aMessage(message: Partial<NewMessage> = {}): NewMessage {
  return {
    graphId: `AAk${randomUUID()}`,
    changeKey: 'CQAAABYAAAA',
    internetMessageId: `<${randomUUID()}@example.org>`,
    conversationId: 'conversation',
    subject: 'Hello',
    from: { name: 'Ada', address: 'ada@example.org' },
    sender: undefined,
    recipients: { to: [{ address: 'support@contoso.example' }], cc: [], bcc: [], replyTo: [] },
    receivedAt: new Date('2026-01-02T03:04:05Z'),
    sentAt: new Date('2026-01-02T03:04:00Z'),
    bodyHtml: '<p>Hi</p>',
    bodyText: 'Hi',
    textForm: 'whole',
    headers: [{ name: 'Subject', value: 'Hello' }],
    importance: 'normal',
    hasAttachments: false,
    attachments: [],
    leftOut: undefined,
    ...message,
  };
}
