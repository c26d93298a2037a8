import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import { signInContext } from './sign-in-context.ts';
import type { ReturnedSignIn } from './sign-in-returns.ts';
import { enteredAddress } from './sign-ins.ts';

/** What the page of a link says, and what its way to Microsoft is made of. */
export interface LinkedSignIn extends ReturnedSignIn {
  readonly forSending: boolean;
  /** `user:<id>`, `key:<id>` or a word. */
  readonly askedBy: string;
  /** The e-mail address of the user, or the name of the API key; null when it is gone. */
  readonly askedByName: string | null;
  readonly queueName: string;
  /** From when on mail is captured; null before the first sign-in, which decides it by `backfillDays`. */
  readonly captureFrom: Date | null;
  readonly backfillDays: number;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export type SignInLink =
  | { readonly outcome: 'open'; readonly signIn: LinkedSignIn }
  /** Also after the account was removed, and its attempts with it. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired' | 'used'; readonly signIn: ReturnedSignIn };

/** Reads the attempt of a link, and changes nothing: mail scanners and previews open links too. */
export async function findSignInLink(db: Database, keys: KeyRing, stateHash: Buffer): Promise<SignInLink> {
  const row = await db
    .selectFrom('signIns')
    .innerJoin('accounts', 'accounts.id', 'signIns.accountId')
    .innerJoin('queues', 'queues.id', 'accounts.defaultQueueId')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('events')
          .whereRef('events.accountId', '=', 'accounts.id')
          .where((or) =>
            or.or([or('events.targetId', '=', or.ref('signIns.id')), or('events.name', '=', 'account.added')]),
          )
          .where('events.name', 'in', ['account.added', 'account.sign-in-started'])
          .orderBy('events.id', 'desc')
          .limit(1)
          .select(['events.actor'])
          .as('asking'),
      (join) => join.onTrue(),
    )
    .where('stateHash', '=', stateHash)
    .select([
      'signIns.id',
      'accountId',
      enteredAddress,
      'signIns.signInAs',
      'forSending',
      'nonce',
      'codeVerifier',
      'usedAt',
      'captureFrom',
      'backfillDays',
      'queues.name as queueName',
      'asking.actor as askedBy',
    ])
    .select(sql<boolean>`sign_ins.expires_at <= now()`.as('isExpired'))
    .select(actorName('asking.actor').as('askedByName'))
    .executeTakeFirst();
  if (!row) return { outcome: 'unknown' };
  const { id, accountId, address, signInAs } = row;
  const signIn = { id, accountId, address, signInAs };
  if (row.usedAt) return { outcome: 'used', signIn };
  if (row.isExpired) return { outcome: 'expired', signIn };
  const { forSending, askedByName, queueName, captureFrom, backfillDays } = row;
  return {
    outcome: 'open',
    signIn: {
      ...signIn,
      forSending,
      askedBy: row.askedBy ?? 'mailroom',
      askedByName,
      queueName,
      captureFrom,
      backfillDays,
      nonce: keys.decrypt(row.nonce, signInContext('nonce', id)),
      codeVerifier: keys.decrypt(row.codeVerifier, signInContext('code_verifier', id)),
    },
  };
}
