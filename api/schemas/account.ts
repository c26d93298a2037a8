import { z } from 'zod';
import type { AccountView } from '../../database/account-reads.ts';
import { accountState, accountStates, resumeModes, signInStates } from '../../domain/account-state.ts';
import { conditionWords, stateWords } from '../words/account-words.ts';
import { QueueRef } from './queue.ts';
import { EmailAddress, Id, Time } from './values.ts';

const State = z.enum(accountStates).meta({ id: 'AccountState' });

export const Account = z
  .object({
    id: Id,
    address: z.string().meta({ examples: ['support@contoso.example'] }),
    state: State,
    stateWords: z.string().meta({
      description: 'The state in words, with the reason where somebody has to act.',
      examples: ['Authenticated'],
    }),
    enabled: z.boolean(),
    signIn: z.object({ state: z.enum(signInStates), reason: z.string().nullable(), since: Time }),
    identity: z
      .object({ username: z.string(), name: z.string().nullable(), authenticatedAt: Time.nullable() })
      .nullable()
      .meta({ description: 'Who signed in.' }),
    condition: z
      .object({
        type: z.string(),
        reason: z.string().nullable(),
        code: z.string().nullable().meta({ description: "Microsoft's own code." }),
        words: z.string(),
        since: Time.nullable(),
        until: Time.nullable(),
      })
      .nullable()
      .meta({ description: 'What hinders the account at the moment; it ends by itself.' }),
    currentAt: Time.nullable().meta({ description: 'When the mailbox was last read to its end.' }),
    completeness: z.object({ inMailbox: z.int(), inLedger: z.int(), comparedAt: Time }).nullable().meta({
      description:
        'The last comparison: messages of the inbox, and how many are in Mailroom. Null: there was none yet.',
    }),
    captureFrom: Time.nullable().meta({ description: 'Mail received earlier is not routed.' }),
    backfillDays: z.int(),
    defaultQueue: QueueRef,
    waitingItems: z.int(),
    capturedToday: z.int().meta({ description: 'Since midnight, UTC.' }),
    quarantined: z.int().meta({ description: 'Messages that could not be captured.' }),
    addedAt: Time,
    pausedAt: Time.nullable(),
  })
  .meta({ id: 'Account', description: 'A connected mailbox.' });

/** The account as it is shown. */
export function accountAnswer(view: AccountView): z.output<typeof Account> {
  const state = accountState({ signIn: view.signIn, enabled: view.enabled, removed: false });
  const words = conditionWords(view, new Date());
  return {
    id: view.id,
    address: view.address,
    state,
    stateWords: stateWords(state, view.signInReason),
    enabled: view.enabled,
    signIn: { state: view.signIn, reason: view.signInReason, since: view.signInSince },
    identity:
      view.identityUsername === null
        ? null
        : { username: view.identityUsername, name: view.identityName, authenticatedAt: view.authenticatedAt },
    condition:
      view.conditionType === null || words === undefined
        ? null
        : {
            type: view.conditionType,
            reason: view.conditionReason,
            code: view.conditionCode,
            words,
            since: view.conditionSince,
            until: view.conditionUntil,
          },
    currentAt: view.currentAt,
    completeness:
      view.comparedAt === null || view.inMailbox === null || view.inLedger === null
        ? null
        : { inMailbox: view.inMailbox, inLedger: view.inLedger, comparedAt: view.comparedAt },
    captureFrom: view.captureFrom,
    backfillDays: view.backfillDays,
    defaultQueue: { id: view.defaultQueueId, name: view.defaultQueueName },
    waitingItems: view.waitingItems,
    capturedToday: view.capturedToday,
    quarantined: view.quarantined,
    addedAt: view.createdAt,
    pausedAt: view.pausedAt,
  };
}

export const NewAccount = z
  .strictObject({
    address: EmailAddress,
    defaultQueueId: z.uuid().optional().meta({ description: 'Without it the queue General, made when needed.' }),
    backfillDays: z.int().min(0).max(365).default(0).meta({
      description: 'Also route mail of the last days; 0: only what arrives from now on.',
    }),
  })
  .meta({ id: 'NewAccount', examples: [{ address: 'support@contoso.example' }] });

export const AccountWithSignIn = z
  .object({
    ...Account.shape,
    signInUrl: z.string().meta({
      description: "Microsoft's sign-in page for this mailbox; open it in a browser. It works once.",
    }),
    signInExpiresAt: Time,
  })
  .meta({ id: 'AccountWithSignIn' });

export const AccountChange = z
  .discriminatedUnion('enabled', [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      resume: z.enum(resumeModes).default('catch-up').meta({
        description: 'What becomes of the mail that came meanwhile: it is routed now, or never.',
      }),
    }),
  ])
  .meta({ id: 'AccountChange', examples: [{ enabled: false }, { enabled: true, resume: 'catch-up' }] });

export const RemovedAccount = z
  .object({
    id: Id,
    address: z.string(),
    removed: z.literal(true),
    tokensDeleted: z.boolean(),
    itemsKept: z.int().meta({ description: 'Open items that stay in their queues.' }),
    removedAt: Time,
    words: z.string(),
  })
  .meta({ id: 'RemovedAccount' });
