import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { CommandReport } from '../contract/activities.ts';
import {
  authenticate,
  awaitSignIn,
  countMissed,
  pause,
  remove,
  resume,
  status,
  tend,
  wake,
} from '../contract/definitions.ts';
import {
  type AuthenticateResult,
  type Command,
  type MailboxInput,
  type MailboxStatus,
  mailboxWorkflowId,
  type RemovalReceipt,
  TEMPORAL_OPERATOR,
} from '../contract/mailbox.ts';
import {
  EXPIRY_GRACE_MS,
  HISTORY_EVENTS_PER_RUN,
  KEEP_SIGN_IN_ALIVE_EVERY_MS,
  MIN_SLEEP_MS,
} from '../domain/schedule.ts';
import {
  cleanUp,
  countMissedMail,
  disableAccount,
  endSubscription,
  expireSignIn,
  keepSignInAlive,
  openSignIn,
  pauseAccount,
  readAccount,
  redeemSignIn,
  resumeAccount,
} from './activities.ts';
import { createIngest } from './ingest.ts';
import { invalidTransition, refuseByReading } from './invalid-transition.ts';
import { createMailboxTurns } from './mailbox-turns.ts';
import { createOperatorView } from './operator-view.ts';
import { createPicture } from './picture.ts';
import { requireActor, requireOwnId, requireSignInId } from './refuse-strangers.ts';
import { createSubscriptionTurns } from './subscription-turns.ts';
import { createTurns } from './turns.ts';

/**
 * One account for as long as it lives: awaiting sign-in → ingesting ⇄ paused → … → removed.
 *
 * The database holds the account's state; this run holds a copy of it. Commands are decided by the row, in the activity
 * that changes it, one after another, and every activity answers with a new reading. A new run, also after the loss of
 * a whole Temporal server, reads first; the signal `wake` makes it read again, at any point.
 */
export async function mailbox({ accountId }: MailboxInput): Promise<void> {
  requireOwnId(mailboxWorkflowId(accountId));
  let receipt: RemovalReceipt | undefined;
  let wasCancelled = false;
  /** Milliseconds since 1970; for a disabled account, however often it is woken. */
  let keepAliveAt: number | undefined;
  const picture = createPicture(accountId);
  const redemptions = createTurns();
  const view = createOperatorView(accountId);
  const turns = createMailboxTurns(accountId);
  const subscriptions = createSubscriptionTurns(accountId);
  const ingest = createIngest({ picture, turns, subscriptions, view });

  async function carryOut<Order extends Command>(
    { attempt, settle }: Readonly<Record<'attempt' | 'settle', Change<Order>>>,
    command: Order,
    wanted?: { readonly enabled: boolean },
  ): Promise<MailboxStatus> {
    const report = await picture.change({
      attempt: async () => {
        if (command.id === undefined) refuseByReading(picture.account(), wanted);
        return await attempt(accountId, command);
      },
      ...(command.id === undefined ? {} : { settle: () => settle(accountId, command) }),
    });
    view.showState(picture.state(report));
    return { accountId, state: report.receipt?.state ?? picture.state(report), receipt: report.receipt };
  }

  /** Restarts the reading of mail with the tokens of the new sign-in. */
  async function adoptSignIn(): Promise<void> {
    view.showState(picture.state(await picture.refresh()));
    picture.interrupt();
  }

  /** Redeems a code until the outcome is known. Other sign-ins wait for it; commands do not. */
  function redeem(signInId: string): Promise<AuthenticateResult> {
    const attempt = async () => {
      const result = await redeemSignIn.attempt(accountId, signInId);
      await adoptSignIn();
      return result;
    };
    const settle = async () => {
      await redeemSignIn.settle(accountId, signInId);
      await adoptSignIn();
    };
    return redemptions.takeUntilSettled(attempt, settle);
  }

  const isSettled = () => picture.isSettled() && redemptions.idle();

  setHandler(status, () => {
    const account = picture.account();
    return account && { accountId, state: picture.state(account) };
  });
  setHandler(wake, (wake) => {
    if (wake === undefined) return ingest.drainOnSignal();
    // Anything may be sent from Temporal's UI, `null` as well: an error here would fail the workflow task again and again.
    return wake?.because === 'columns' ? ingest.refreshColumns() : picture.lookAgain();
  });
  setHandler(tend, ingest.readRowOnSignal);
  const validated = { validator: requireActor };
  setHandler(awaitSignIn, (command) => carryOut(openSignIn, command), validated);
  setHandler(
    authenticate,
    async ({ signInId, id }) => {
      if (picture.removal()) throw invalidTransition('The account is being removed');
      if (id !== undefined) return await redeem(signInId);
      let result: AuthenticateResult | undefined;
      const inTurn = async () => {
        result = await redeemSignIn.attempt(accountId, signInId);
        return await readAccount(accountId);
      };
      view.showState(picture.state(await picture.change({ attempt: inTurn })));
      return result as AuthenticateResult;
    },
    { validator: requireSignInId },
  );
  setHandler(pause, (command) => carryOut(pauseAccount, command, { enabled: false }), validated);
  setHandler(resume, (command) => carryOut(resumeAccount, command, { enabled: true }), validated);
  setHandler(countMissed, () => CancellationScope.nonCancellable(() => countMissedMail(accountId)));
  setHandler(
    remove,
    (command) => {
      picture.remove(command);
      return CancellationScope.nonCancellable(async () => {
        await condition(() => receipt !== undefined);
        return receipt as RemovalReceipt;
      });
    },
    validated,
  );

  try {
    let account = await picture.refresh();
    for (; !picture.removal() && !account.removed; account = picture.account() ?? account) {
      if (shouldContinueAsNew()) {
        await condition(() => turns.idle() && subscriptions.idle() && isSettled() && allHandlersFinished());
        if (picture.removal()) break;
        await continueAsNew<typeof mailbox>({ accountId });
      }
      view.showState(picture.state(account));
      view.showColumns(account);
      const [changes, wakes] = [picture.changes(), picture.wakes()];
      const commanded = () => picture.changes() !== changes;
      const woken = () => picture.wakes() !== wakes;
      const stirred = () => commanded() || woken();

      if (account.signIn === 'awaiting') {
        const expiresInMs: number = (account.signInExpiresAt ?? 0) - Date.now();
        const summary = 'Until the sign-in expires';
        const answered = await condition(stirred, Math.max(EXPIRY_GRACE_MS, expiresInMs), { summary });
        if (!answered) await picture.refresh(expireSignIn);
      } else if (account.signIn !== 'done') {
        await condition(stirred);
      } else if (account.enabled) {
        keepAliveAt = undefined;
        await ingest.round(account, { commanded, woken });
      } else {
        ingest.rest();
        if (account.subscribed && (await endSubscription(accountId))) picture.adjust({ subscribed: false });
        keepAliveAt ??= Date.now() + KEEP_SIGN_IN_ALIVE_EVERY_MS;
        const summary = 'Paused: until the sign-in is used, so that it does not expire';
        if (await condition(stirred, Math.max(MIN_SLEEP_MS, keepAliveAt - Date.now()), { summary })) continue;
        keepAliveAt = undefined;
        await keepSignInAlive(accountId);
        await picture.refresh();
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    wasCancelled = true;
  }
  await CancellationScope.nonCancellable(async () => {
    // Cancelling in Temporal's UI only disables the account. A cancelled run cannot be cancelled again; the next one
    // can.
    if (wasCancelled) {
      await picture.refresh(() => disableAccount(accountId, { actor: TEMPORAL_OPERATOR, id: uuid4() }));
      await condition(() => turns.idle() && subscriptions.idle() && isSettled() && allHandlersFinished());
      if (!picture.removal() && !picture.account()?.removed) await continueAsNew<typeof mailbox>({ accountId });
    }
    // Before the tokens are deleted: it needs one of them.
    const notificationsEnded = (await endSubscription(accountId)) ?? false;
    const cleanedUp = await cleanUp(accountId, { actor: 'mailroom', ...picture.removal(), notificationsEnded });
    receipt = { notificationsEnded, ...cleanedUp };
    view.showState('removed');
    await condition(allHandlersFinished);
  });
}

type Change<Order> = (accountId: string, command: Order) => Promise<CommandReport>;

function shouldContinueAsNew(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_PER_RUN;
}
