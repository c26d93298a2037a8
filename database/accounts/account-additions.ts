import { sql } from 'kysely';
import { mailboxKind } from '../../domain/mailbox-kind.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { signInContext } from '../sign-in/sign-in-context.ts';
import { recordEvent } from './events.ts';

/** A new sign-in attempt: what the browser takes to the provider, and what must be stored when it comes back. */
export interface NewSignIn {
  readonly id: string;
  readonly stateHash: Buffer;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly expiresAt: Date;
  /** Who signs in to a shared mailbox, in lower case; null: the mailbox's own user. */
  readonly signInAs: string | null;
  /** Asks for the permissions to send as well. */
  readonly forSending?: boolean | undefined;
  /** The account's address after a successful attempt, if it changes. */
  readonly address?: string | undefined;
}

export interface NewAccount {
  /** In lower case. */
  readonly address: string;
  /** Undefined: the queue named General, created if it does not exist. */
  readonly defaultQueueId: string | undefined;
  readonly backfillDays: number;
  readonly signIn: NewSignIn;
}

export type AccountAddition =
  | { readonly added: true; readonly id: string }
  | { readonly added: false; readonly because: 'queue-missing' };

/** Default queue until an administrator creates others. */
export const GENERAL_QUEUE = 'General';

/**
 * Adds an account with its first sign-in attempt. Throws the unique violation of `accounts_address` when the address is
 * already connected.
 */
export async function addAccount(
  db: Database,
  keys: KeyRing,
  actor: string,
  { address, defaultQueueId, backfillDays, signIn }: NewAccount,
): Promise<AccountAddition> {
  return await db.transaction().execute(async (trx) => {
    const queueId =
      defaultQueueId === undefined ? await ensureGeneralQueue(trx, actor) : await lockQueue(trx, defaultQueueId);
    if (queueId === undefined) return { added: false, because: 'queue-missing' };
    const { signInAs } = signIn;
    const { id } = await trx
      .insertInto('accounts')
      .values({ address, signInAs, backfillDays, defaultQueueId: queueId })
      .returning('id')
      .executeTakeFirstOrThrow();
    await addSignIn(trx, keys, id, signIn);
    await recordEvent(trx, {
      actor,
      name: 'account.added',
      accountId: id,
      details: { backfillDays, mailbox: mailboxKind(signInAs) },
    });
    return { added: true, id };
  });
}

/** Deletes an account whose workflow could not be started. Does nothing after a sign-in. */
export async function withdrawAccount(db: Database, id: string): Promise<void> {
  await db.deleteFrom('accounts').where('id', '=', id).where('signIn', '=', 'awaiting').execute();
}

/** Deletes an attempt of which its workflow could not be notified. */
export async function withdrawSignIn(db: Database, id: string): Promise<void> {
  await db.deleteFrom('signIns').where('id', '=', id).where('usedAt', 'is', null).execute();
}

/** Stores a sign-in attempt of an account. */
export async function addSignIn(db: Queryable, keys: KeyRing, accountId: string, signIn: NewSignIn): Promise<void> {
  const { id, nonce, codeVerifier, stateHash, redirectUri, expiresAt, signInAs, forSending, address } = signIn;
  await db
    .insertInto('signIns')
    .values({
      id,
      accountId,
      stateHash,
      nonce: keys.encrypt(nonce, signInContext('nonce', id)),
      codeVerifier: keys.encrypt(codeVerifier, signInContext('code_verifier', id)),
      redirectUri,
      expiresAt,
      signInAs,
      forSending: forSending ?? false,
      address: address ?? null,
    })
    .execute();
}

/** The queue's id, locked against removal until the transaction ends; undefined when it does not exist. */
export async function lockQueue(db: Queryable, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('queues')
    .select('id')
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forShare()
    .executeTakeFirst();
  return row?.id;
}

/** The id of the queue of new accounts, made when it is missing. */
export async function ensureGeneralQueue(db: Queryable, actor: string): Promise<string> {
  const made = await db
    .insertInto('queues')
    .values({ name: GENERAL_QUEUE, description: 'Everything that no rule sends elsewhere' })
    .onConflict((conflict) => conflict.expression(sql`lower(name)`).where('removedAt', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) {
    await recordEvent(db, { actor, name: 'queue.added', targetId: made.id });
    return made.id;
  }
  const { id } = await db
    .selectFrom('queues')
    .select('id')
    .where(sql<boolean>`lower(name) = lower(${GENERAL_QUEUE})`)
    .where('removedAt', 'is', null)
    .forShare()
    .executeTakeFirstOrThrow();
  return id;
}
