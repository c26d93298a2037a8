import { sql } from 'kysely';
import type { Database, Queryable } from '../database.ts';

/** The owner of a mailbox's signature. */
export const accountOwner = (accountId: string) => `account:${accountId}`;

export interface Signature {
  readonly body: string;
  readonly updatedAt: Date;
}

/** `owner`: `user:<id>`, `key:<id>` or `account:<id>`. */
export async function findSignature(db: Queryable, owner: string): Promise<Signature | undefined> {
  return await db.selectFrom('signatures').select(['body', 'updatedAt']).where('owner', '=', owner).executeTakeFirst();
}

/** Stores a signature as HTML; an empty one is deleted. */
export async function putSignature(db: Database, actor: string, owner: string, body: string): Promise<void> {
  if (body === '') {
    await db.deleteFrom('signatures').where('owner', '=', owner).execute();
    return;
  }
  await db
    .insertInto('signatures')
    .values({ owner, body, updatedBy: actor })
    .onConflict((conflict) =>
      conflict.column('owner').doUpdateSet({ body, updatedBy: actor, updatedAt: sql<Date>`now()` }),
    )
    .execute();
}

/** What a new draft begins with: an empty line, the person's signature, the mailbox's. Empty without any. */
export async function signatureHtml(db: Queryable, author: string, accountId: string): Promise<string> {
  const own = await findSignature(db, author);
  const ofMailbox = await findSignature(db, accountOwner(accountId));
  const bodies = [own, ofMailbox].flatMap((signature) => (signature ? [signature.body] : []));
  return bodies.length === 0 ? '' : `<p></p><div class="mailroom-signature">${bodies.join('')}</div>`;
}
