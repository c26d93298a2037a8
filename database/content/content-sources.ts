import { type ExpressionBuilder, sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { Queryable } from '../database.ts';
import type { AttachmentsTable, Schema } from '../schema.ts';

/** An attachment, or, without one, the message itself as MIME. */
export interface ContentTarget {
  readonly messageId: string;
  readonly attachmentId?: string | undefined;
}

/** Where content lies in the mailbox, and whether that may be read. */
export interface ContentSource {
  readonly accountId: string;
  readonly address: string;
  /** Null: the person who signed in reads the own mailbox. */
  readonly signInAs: string | null;
  readonly access: AccountAccess;
  readonly signInNumber: number;
  readonly isSignedIn: boolean;
  readonly isEnabled: boolean;
  readonly isRemoved: boolean;
  /** Ids of the message: as it was captured, and those under which it came again, the newest first. */
  readonly graphIds: readonly string[];
  /** Undefined for a message. */
  readonly attachment: SourceAttachment | undefined;
}

export interface SourceAttachment {
  readonly graphId: string;
  readonly kind: AttachmentsTable['kind'];
  readonly name: string;
  readonly size: number;
}

/** Undefined when the message, or its attachment, was deleted from Mailroom. */
export async function findContentSource(db: Queryable, target: ContentTarget): Promise<ContentSource | undefined> {
  const row = await db
    .selectFrom('messages')
    .innerJoin('accounts', 'accounts.id', 'messages.accountId')
    .select([
      'accounts.id as accountId',
      'accounts.address',
      'accounts.signInAs',
      'accounts.access',
      'accounts.signInNumber',
      'messages.graphId',
      sql<boolean>`accounts.sign_in = 'done'`.as('isSignedIn'),
      'accounts.enabled as isEnabled',
      sql<boolean>`accounts.removed_at is not null`.as('isRemoved'),
      copiesOf,
    ])
    .where('messages.id', '=', target.messageId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { graphId, copies, ...account } = row;
  const source = { ...account, graphIds: [graphId, ...copies] };
  if (target.attachmentId === undefined) return { ...source, attachment: undefined };
  const attachment = await db
    .selectFrom('attachments')
    .select(['graphId', 'kind', 'name', 'size'])
    .where('id', '=', target.attachmentId)
    .where('messageId', '=', target.messageId)
    .executeTakeFirst();
  return attachment && { ...source, attachment };
}

/** Each is a request where the others are gone. */
const MOST_COPIES = 3;

function copiesOf(eb: ExpressionBuilder<Schema, 'messages'>) {
  const newest = eb
    .selectFrom('copies')
    .select('copies.graphId')
    .whereRef('copies.messageId', '=', 'messages.id')
    .orderBy('copies.foundAt', 'desc')
    .limit(MOST_COPIES);
  return sql<string[]>`array(${newest})`.as('copies');
}
