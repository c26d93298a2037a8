import { z } from 'zod';
import type { AccountView } from '../../database/accounts/account-reads.ts';
import { accountAccesses } from '../../domain/account-access.ts';
import { accountState, accountStates, resumeModes, signInStates } from '../../domain/account-state.ts';
import { commandOutcomes } from '../../domain/command-outcome.ts';
import { deliveryModes, deliveryOf, deliveryReasons } from '../../domain/delivery.ts';
import { readings } from '../../domain/reading.ts';
import { ProblemSchema } from '../http/answers.ts';
import { Stored } from '../http/stored.ts';
import { Trace } from '../http/trace.ts';
import { refusedAs } from '../http/value-problem.ts';
import { EmailAddress, Id, Time } from '../http/values.ts';
import { QueueRef, queueAnswer } from '../queues/schemas.ts';
import { conditionWords, signInMayHelp, stateWords } from './account-words.ts';
import { deliveryWords } from './delivery-words.ts';
import { isLasting } from './lasting-steps.ts';

const State = z.enum(accountStates).meta({ id: 'AccountState' });

export const Account = z
  .object({
    id: Id,
    address: z.string().meta({ examples: ['support@contoso.example'] }),
    state: State,
    stateWords: z.string().meta({
      description: 'The state in words, with the reason where a person has to act.',
      examples: ['Authenticated'],
    }),
    enabled: z.boolean(),
    signIn: z.object({
      state: Stored(signInStates),
      reason: z.string().nullable(),
      since: Time,
      ...Trace.shape,
    }),
    signInAs: z
      .string()
      .nullable()
      .meta({
        description: 'Who is to sign in for a shared mailbox; null: the mailbox is not shared, its own user signs in.',
        examples: ['anna@contoso.example'],
      }),
    access: Stored(accountAccesses).meta({
      description:
        '`delegated`: the mailbox is read with the rights of the person who signed in; `application`: with those that ' +
        'Exchange gave the application for this mailbox.',
    }),
    identity: z
      .object({ username: z.string(), name: z.string().nullable(), authenticatedAt: Time.nullable() })
      .nullable()
      .meta({ description: 'Who signed in, as Microsoft names that person.' }),
    condition: z
      .object({
        type: z.string(),
        reason: z.string().nullable(),
        ...Trace.shape,
        words: z.string(),
        since: Time.nullable(),
        until: Time.nullable(),
        lasting: z.boolean().meta({ description: 'For ten minutes or longer: it is to be looked at.' }),
        signInMayHelp: z.boolean().meta({
          description: 'Graph has refused the access for so long that signing in again is worth a try.',
        }),
      })
      .nullable()
      .meta({ description: 'What hinders the account at the moment; it ends by itself.' }),
    delivery: z
      .object({
        mode: z.enum(deliveryModes),
        reason: z.enum(deliveryReasons),
        words: z.string().meta({ examples: ['Microsoft notifies Mailroom of new mail.'] }),
        failure: z
          .string()
          .nullable()
          .meta({ description: 'With the reason `failed`: why the notifications could not be made.' }),
        notifiedAt: Time.nullable().meta({ description: 'When Microsoft last sent a notification of new mail.' }),
        restsWhenQuiet: z.boolean().meta({ description: 'Polled less often while no mail comes.' }),
      })
      .meta({ description: 'How new mail is found, and why so.' }),
    currentAt: Time.nullable().meta({ description: 'When the mailbox was last proved to hold nothing new.' }),
    reading: z.enum(readings).meta({
      description:
        'How far the mailbox is read: `off`: not read, because the account is not signed in or is disabled; ' +
        '`catching-up`: more is in it than was read yet, or it was not read since it was connected or enabled; ' +
        '`late`: not polled for minutes longer than promised, probably because no worker runs; ' +
        '`hindered`: what `condition` says keeps it from being read; `current`: as it should be.',
    }),
    lateForSeconds: z.int().nullable().meta({
      description: 'With `late`: how long ago the mailbox was last proved current, or the account signed in.',
    }),
    completeness: z.object({ inMailbox: z.int(), inLedger: z.int(), comparedAt: Time }).nullable().meta({
      description: 'The last comparison: messages of the inbox, and how many were captured. Null: there was none yet.',
    }),
    sameMailbox: z
      .object({ id: Id, address: z.string() })
      .nullable()
      .meta({
        description:
          'Another account that reads the same mailbox under another of its addresses. Each mail is queued once, by whichever ' +
          'account reads it first; remove one of the two.',
      }),
    captureFrom: Time.nullable().meta({ description: 'Mail received earlier is not routed.' }),
    backfillDays: z.int(),
    defaultQueue: QueueRef.nullable().meta({ description: 'Null: what no rule matches goes into no queue.' }),
    waitingItems: z.int(),
    unqueuedItems: z.int().meta({ description: 'Items that are in no queue: GET /email/accounts/{id}/unqueued.' }),
    capturedToday: z.int().meta({ description: 'Since midnight, UTC.' }),
    quarantined: z.int().meta({ description: 'Messages that could not be captured.' }),
    addedAt: Time,
    pausedAt: Time.nullable(),
    removing: z.boolean().meta({ description: 'The account is being removed.' }),
  })
  .meta({ id: 'Account', description: 'A connected mailbox.' });

/** The account as it is shown. `isReachable`: Microsoft can send notifications to this installation. */
export function accountAnswer(view: AccountView, isReachable: boolean): z.output<typeof Account> {
  const state = accountState({ signIn: view.signIn, enabled: view.enabled, removed: false });
  const now = new Date();
  const words = conditionWords(view, now);
  return {
    id: view.id,
    address: view.address,
    state,
    stateWords: stateWords(state, view.signInReason),
    enabled: view.enabled,
    signIn: {
      state: view.signIn,
      reason: view.signInReason,
      since: view.signInSince,
      code: view.signInCode,
      status: view.signInStatus,
      requestId: view.signInRequestId,
    },
    signInAs: view.signInAs,
    access: view.access,
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
            status: view.conditionStatus,
            requestId: view.conditionRequestId,
            words,
            since: view.conditionSince,
            until: view.conditionUntil,
            lasting: isLasting(view.conditionSince, now),
            signInMayHelp: signInMayHelp(view, now),
          },
    delivery: deliveryAnswer(view, isReachable),
    currentAt: view.currentAt,
    reading: view.reading,
    lateForSeconds: view.lateForSeconds,
    completeness:
      view.comparedAt === null || view.inMailbox === null || view.inLedger === null
        ? null
        : { inMailbox: view.inMailbox, inLedger: view.inLedger, comparedAt: view.comparedAt },
    sameMailbox: view.sameMailbox,
    captureFrom: view.captureFrom,
    backfillDays: view.backfillDays,
    defaultQueue: queueAnswer(view.defaultQueueId, view.defaultQueueName),
    waitingItems: view.waitingItems,
    unqueuedItems: view.unqueuedItems,
    capturedToday: view.capturedToday,
    quarantined: view.quarantined,
    addedAt: view.createdAt,
    pausedAt: view.pausedAt,
    removing: view.removing,
  };
}

function deliveryAnswer(view: AccountView, isReachable: boolean): z.output<typeof Account>['delivery'] {
  const delivery = deliveryOf({
    signIn: view.signIn,
    enabled: view.enabled,
    condition: view.conditionType,
    deltaTrouble: view.deltaTrouble,
    isShared: view.signInAs !== null,
    isReachable,
    hasSubscription: view.hasSubscription,
    failureReason: view.subscriptionFailure,
  });
  const { notifiedAt, restsWhenQuiet, subscriptionFailure } = view;
  return {
    ...delivery,
    words: deliveryWords(delivery, subscriptionFailure),
    failure: delivery.reason === 'failed' ? subscriptionFailure : null,
    notifiedAt,
    restsWhenQuiet,
  };
}

export const NewAccount = z
  .strictObject({
    address: EmailAddress,
    signInAs: EmailAddress.nullish().meta({
      description:
        'For a shared mailbox: the address of who signs in, who needs full access to it. Without it, or with the ' +
        "mailbox's own address, the mailbox's own user signs in.",
      examples: ['anna@contoso.example'],
    }),
    defaultQueueId: z.uuid().optional().meta({ description: 'Without it the queue General, made when needed.' }),
    backfillDays: z.int().min(0).max(365).default(0).meta({
      description: 'Also route mail of the last days; 0: only what arrives from now on.',
    }),
  })
  .meta({
    id: 'NewAccount',
    examples: [
      { address: 'support@contoso.example' },
      { address: 'shared@contoso.example', signInAs: 'anna@contoso.example' },
    ],
  });

export const SignInAgain = z
  .strictObject({
    signInAs: EmailAddress.nullish().meta({
      description:
        'Who signs in from then on, where the mailbox is shared or became so; null: its own user, because it is not shared ' +
        'any more. Without it, who did before.',
      examples: ['anna@contoso.example'],
    }),
    address: EmailAddress.optional().meta({
      description: 'The address that the mailbox has now, where it was renamed. It must be the same mailbox.',
      examples: ['support@contoso.example'],
    }),
  })
  .meta({
    id: 'SignInAgain',
    examples: [{}, { signInAs: 'bob@contoso.example' }, { address: 'support@contoso.example' }],
  });

export const AccountWithSignIn = z
  .object({
    ...Account.shape,
    signInUrl: z.string().meta({
      description:
        'A page of Mailroom that says what is asked, and leads to the sign-in at Microsoft; for a browser, yours or that ' +
        "of the mailbox's owner. It connects once.",
    }),
    microsoftUrl: z.string().nullable().meta({
      description: "Microsoft's sign-in page, for the browser that sent this request and no other; null for API keys.",
    }),
    signInExpiresAt: Time,
  })
  .meta({ id: 'AccountWithSignIn' });

/** Lets the sender of a command ask for its answer again. */
export const RequestId = z
  .uuid()
  .optional()
  .meta({
    description:
      'A name for this command. When its answer got lost, or did not say what became of it, send the same again by it: it is ' +
      'carried out once, and never after a later command.',
  });

/** What becomes of the mail of an account that is removed. */
export const MailOfRemoved = z
  .enum(['keep', 'erase'])
  .default('keep')
  .meta({
    description:
      '`erase`: its mail is erased from Mailroom afterwards, as by `POST /api/v1/erasures`; that needs the permission ' +
      'retention.change.',
  });

const CommandReceipt = z
  .object({
    outcome: Stored(commandOutcomes).meta({
      description:
        '`done`: it changed the account; `unchanged`: the account was so already; `overtaken`: a later command had been ' +
        'carried out before it, so it changed nothing.',
    }),
    state: Stored(accountStates).meta({ description: 'Right after the command.' }),
    carriedOutAt: Time,
  })
  .meta({ id: 'CommandReceipt', description: 'What became of a command: the same whenever it is asked for.' });

/** The account as it is now, and the outcome of the command. */
export const ChangedAccount = z
  .object({
    ...Account.shape,
    command: CommandReceipt.nullable().meta({ description: 'Null: neither `enabled` nor its contrary was asked for.' }),
  })
  .meta({ id: 'ChangedAccount' });

export const AccountChange = z
  .strictObject({
    enabled: z.boolean().optional(),
    resume: z.enum(resumeModes).optional().meta({
      description: 'With `enabled: true`: what happens to the mail that arrived in between. Without it: `catch-up`.',
    }),
    restsWhenQuiet: z.boolean().optional().meta({
      description: 'Polled every two minutes instead of every 20 seconds once no mail came for an hour.',
    }),
    requestId: RequestId,
  })
  .refine(
    ({ enabled, restsWhenQuiet }) => enabled !== undefined || restsWhenQuiet !== undefined,
    refusedAs('changes-nothing'),
  )
  .refine(({ enabled, resume }) => resume === undefined || enabled === true, {
    ...refusedAs('needs-enabled'),
    path: ['resume'],
  })
  .meta({ id: 'AccountChange', examples: [{ enabled: false }, { enabled: true, resume: 'catch-up' }] });

export const MissedMail = z
  .object({
    count: z.int().nullable().meta({ description: 'Null: the mail server does not know.' }),
    since: Time.meta({ description: 'When the mailbox was last read to its end.' }),
  })
  .meta({ id: 'MissedMail' });

export const RemovedAccount = z
  .object({
    id: Id,
    address: z.string(),
    removed: z.literal(true),
    tokensDeleted: z.boolean(),
    itemsKept: z.int().meta({ description: 'Open items that stay in their queues.' }),
    removedAt: Time,
    erasureId: Id.nullable().meta({ description: 'Of its mail; null: it is kept.' }),
    words: z.string(),
  })
  .meta({ id: 'RemovedAccount' });

export const AccountNotRemoved = z
  .object({ id: Id, removed: z.literal(false), problem: ProblemSchema })
  .meta({ id: 'AccountNotRemoved' });
