import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { EXPIRY_GRACE_MS, HISTORY_EVENTS_PER_RUN, KEEP_SIGN_IN_ALIVE_EVERY_MS } from '../domain/schedule.ts';
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
import {
  type AuthenticateResult,
  type MailboxInput,
  type MailboxStatus,
  type RemovalReceipt,
  TEMPORAL_OPERATOR,
} from './contract.ts';
import { authenticate, awaitSignIn, countMissed, pause, remove, resume, ring, status, tend } from './definitions.ts';
import { createIngest } from './ingest.ts';
import { allowed, refusalOfPause, refusalOfResume } from './invalid-transition.ts';
import { createMailboxTurns } from './mailbox-turns.ts';
import { createOperatorView } from './operator-view.ts';
import { createPicture } from './picture.ts';
import { createSubscriptionTurns } from './subscription-turns.ts';

/**
 * One account for as long as it lives: awaiting sign-in → ingesting ⇄ paused → … → removed.
 *
 * The database holds the account's state; this run holds a picture of it. Commands change the database through an
 * activity, one after another, and every activity answers with a new reading. A run that begins, also after the loss
 * of a whole Temporal server, reads first.
 */
export async function mailbox({ accountId }: MailboxInput): Promise<void> {
  let receipt: RemovalReceipt | undefined;
  let wasCancelled = false;
  const picture = createPicture(accountId);
  const view = createOperatorView(accountId);
  const turns = createMailboxTurns(accountId);
  const subscriptions = createSubscriptionTurns(accountId);
  const ingest = createIngest({ picture, turns, subscriptions, view });

  async function change(work: Parameters<typeof picture.change>[0]): Promise<MailboxStatus> {
    const state = picture.state(await picture.change(work));
    view.showState(state);
    return { accountId, state };
  }

  setHandler(status, () => {
    const account = picture.account();
    return account && { accountId, state: picture.state(account) };
  });
  setHandler(ring, ingest.ring);
  setHandler(tend, ingest.tend);
  setHandler(awaitSignIn, (command) => change(() => openSignIn(accountId, command)));
  setHandler(authenticate, async ({ signInId }) => {
    let result: AuthenticateResult | undefined;
    await change(async () => {
      result = await redeemSignIn(accountId, signInId);
      return await readAccount(accountId);
    });
    return result as AuthenticateResult;
  });
  setHandler(
    pause,
    (command) => change((before) => allowed(before, refusalOfPause) && pauseAccount(accountId, command)),
    { validator: (_command) => void allowed(picture.account(), refusalOfPause) },
  );
  setHandler(
    resume,
    (command) => change((before) => allowed(before, refusalOfResume) && resumeAccount(accountId, command)),
    { validator: (_command) => void allowed(picture.account(), refusalOfResume) },
  );
  setHandler(countMissed, () => CancellationScope.nonCancellable(() => countMissedMail(accountId)));
  setHandler(remove, (command) => {
    picture.remove(command);
    return CancellationScope.nonCancellable(async () => {
      await condition(() => receipt !== undefined);
      return receipt as RemovalReceipt;
    });
  });

  try {
    let account = await picture.refresh();
    for (; !picture.removal() && !account.removed; account = picture.account() ?? account) {
      if (shouldContinueAsNew()) {
        await condition(() => turns.idle() && subscriptions.idle() && allHandlersFinished());
        if (picture.removal()) break;
        await continueAsNew<typeof mailbox>({ accountId });
      }
      view.showState(picture.state(account));
      const seen = picture.commandsSeen();
      const commanded = () => picture.commandsSeen() !== seen;

      if (account.signIn === 'awaiting') {
        const expiresInMs: number = (account.signInExpiresAt ?? 0) - Date.now();
        const answered = await condition(commanded, Math.max(EXPIRY_GRACE_MS, expiresInMs));
        if (!answered) await picture.refresh(expireSignIn);
      } else if (account.signIn !== 'done') {
        await condition(commanded);
      } else if (account.enabled) {
        await ingest.round(account, commanded);
      } else {
        if (account.subscribed && (await endSubscription(accountId))) picture.adjust({ subscribed: false });
        if (await condition(commanded, KEEP_SIGN_IN_ALIVE_EVERY_MS)) continue;
        await keepSignInAlive(accountId);
        await picture.refresh();
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    wasCancelled = true;
  }
  await CancellationScope.nonCancellable(async () => {
    // A click in Temporal's UI stops the reading, and no more. A run that was cancelled once cannot be again: the next can.
    if (wasCancelled) {
      await picture.refresh(() => disableAccount(accountId, { actor: TEMPORAL_OPERATOR }));
      await condition(() => turns.idle() && subscriptions.idle() && allHandlersFinished());
      if (!picture.removal() && !picture.account()?.removed) await continueAsNew<typeof mailbox>({ accountId });
    }
    // Before the tokens go: it takes one of them.
    const notificationsEnded = (await endSubscription(accountId)) ?? false;
    const cleanedUp = await cleanUp(accountId, picture.removal() ?? { actor: 'mailroom' });
    receipt = { ...cleanedUp, notificationsEnded };
    view.showState('removed');
    await condition(allHandlersFinished);
  });
}

function shouldContinueAsNew(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_PER_RUN;
}
