import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccountReading, SubscriptionReport } from '../activities/contract.ts';
import { accountState } from '../domain/account-state.ts';
import {
  EXPIRY_GRACE_MS,
  HISTORY_EVENTS_PER_RUN,
  jittered,
  KEEP_SIGN_IN_ALIVE_EVERY_MS,
  MIN_SLEEP_MS,
  RECONCILE_RETRY_MS,
} from '../domain/schedule.ts';
import {
  cleanUp,
  countMissedMail,
  endSubscription,
  expireSignIn,
  keepSignInAlive,
  openSignIn,
  pauseAccount,
  readAccount,
  redeemSignIn,
  resumeAccount,
} from './activities.ts';
import type { AuthenticateResult, Command, MailboxInput, MailboxStatus, RemovalReceipt } from './contract.ts';
import { authenticate, awaitSignIn, countMissed, pause, remove, resume, ring, status, tend } from './definitions.ts';
import { allowed, invalidTransition, refusalOfPause, refusalOfResume } from './invalid-transition.ts';
import { createMailboxTurns } from './mailbox-turns.ts';
import { createOperatorView } from './operator-view.ts';
import { createSubscriptionTurns } from './subscription-turns.ts';
import { createTurns } from './turns.ts';

/**
 * One account for as long as it lives: awaiting sign-in → ingesting ⇄ paused → … → removed.
 *
 * The database holds the account's state; this run holds a reading of it. Commands change the database through an
 * activity, one after another, and every activity answers with a new reading. A run that begins, also after the loss
 * of a whole Temporal server, reads first.
 */
export async function mailbox({ accountId }: MailboxInput): Promise<void> {
  let account: AccountReading | undefined;
  let removal: Command | undefined;
  let receipt: RemovalReceipt | undefined;
  let rung = false;
  let tended = false;
  /** Grows with every command: what waits on something else looks again. */
  let commandsSeen = 0;
  const inTurn = createTurns();
  const view = createOperatorView(accountId);
  const turns = createMailboxTurns(accountId);
  const subscriptions = createSubscriptionTurns(accountId);

  const stateOf = (reading: AccountReading) => accountState({ ...reading, removed: reading.removed || !!removal });
  const statusOf = (reading: AccountReading): MailboxStatus => ({ accountId, state: stateOf(reading) });

  /** Replaces the reading. Only in turn: of two readings the later one must win. */
  const refresh = (read: (accountId: string) => Promise<AccountReading>): Promise<AccountReading> =>
    inTurn(async () => {
      account = await read(accountId);
      return account;
    });

  /** Runs a command that changes the account, when every earlier one is done. */
  const change = (work: (before: AccountReading) => Promise<AccountReading>): Promise<MailboxStatus> =>
    inTurn(async () => {
      account ??= await readAccount(accountId);
      if (removal) throw invalidTransition('The account is being removed');
      account = await work(account);
      commandsSeen++;
      view.showState(stateOf(account));
      return statusOf(account);
    });

  setHandler(status, () => account && statusOf(account));
  setHandler(ring, () => {
    rung = true;
  });
  setHandler(tend, () => {
    tended = true;
  });
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
    {
      validator: (_command) => void (account && allowed(account, refusalOfPause)),
    },
  );
  setHandler(
    resume,
    (command) => change((before) => allowed(before, refusalOfResume) && resumeAccount(accountId, command)),
    { validator: (_command) => void (account && allowed(account, refusalOfResume)) },
  );
  setHandler(countMissed, () => countMissedMail(accountId));
  setHandler(remove, async (command) => {
    removal ??= command;
    commandsSeen++;
    await condition(() => receipt !== undefined);
    return receipt as RemovalReceipt;
  });

  /** Sleeps until something is to be done, and looks after the notifications meanwhile. */
  async function sleep(ms: number, commanded: () => boolean): Promise<void> {
    const endsAt = Date.now() + ms;
    while (account && !rung && !commanded() && Date.now() < Math.min(endsAt, account.reconcileDueAt)) {
      if (tended) {
        tended = false;
        await refresh(readAccount);
        continue;
      }
      if (account.subscriptionDueAt <= Date.now()) subscriptions.start(noteSubscription);
      const subscriptionDueAt = subscriptions.idle() ? account.subscriptionDueAt : endsAt;
      const ended = subscriptions.ended();
      const woken = () => rung || tended || commanded() || subscriptions.ended() !== ended;
      const wakeAt = Math.min(endsAt, subscriptionDueAt, account.reconcileDueAt);
      await condition(woken, Math.max(MIN_SLEEP_MS, wakeAt - Date.now()));
    }
  }

  /** Compares mailbox and ledger for one turn, when that is due. False when it is not. */
  async function reconcile(current: AccountReading, commanded: () => boolean): Promise<boolean> {
    if (current.reconcileDueAt > Date.now()) return false;
    const report = await turns.reconcile(current.drainHeartbeatTimeoutMs, commanded);
    if (report === 'sign-in-needed') await refresh(readAccount);
    const dueInMs = typeof report === 'string' ? RECONCILE_RETRY_MS : report.hasMore ? 0 : report.nextDueInMs;
    if (account) account = { ...account, reconcileDueAt: Date.now() + dueInMs };
    return true;
  }

  /** Mail that came between the last drain and a new subscription rang no bell: so that one rings now. */
  function noteSubscription({ dueAt, isNew }: SubscriptionReport): void {
    if (account) account = { ...account, subscribed: account.subscribed || isNew, subscriptionDueAt: dueAt };
    rung ||= isNew;
  }

  try {
    await refresh(readAccount);
    while (account && !removal && !account.removed) {
      if (shouldContinueAsNew()) {
        await condition(() => turns.idle() && subscriptions.idle() && allHandlersFinished());
        if (removal) break;
        await continueAsNew<typeof mailbox>({ accountId });
      }
      view.showState(stateOf(account));
      const seen = commandsSeen;
      const commanded = () => commandsSeen !== seen;

      if (account.signIn === 'awaiting') {
        const expiresInMs: number = (account.signInExpiresAt ?? 0) - Date.now();
        const answered = await condition(commanded, Math.max(EXPIRY_GRACE_MS, expiresInMs));
        if (!answered) await refresh(expireSignIn);
      } else if (account.signIn !== 'done') {
        await condition(commanded);
      } else if (!account.enabled) {
        if (account.subscribed && (await endSubscription(accountId))) account = { ...account, subscribed: false };
        if (await condition(commanded, KEEP_SIGN_IN_ALIVE_EVERY_MS)) continue;
        await keepSignInAlive(accountId);
        await refresh(readAccount);
      } else {
        rung = false;
        const report = await turns.drain(account.drainHeartbeatTimeoutMs, commanded);
        if (report === 'sign-in-needed') await refresh(readAccount);
        if (typeof report === 'string') continue;
        view.showDrain(report);
        if (report.reconcileDueAt !== undefined) account = { ...account, reconcileDueAt: report.reconcileDueAt };
        if (report.hasMore || (await reconcile(account, commanded))) continue;
        await sleep(jittered(report.nextDrainInMs, Math.random()), commanded);
      }
    }
  } catch (error) {
    // Cancelled from outside, by Temporal's UI or command line: an account whose workflow ends is removed.
    if (!isCancellation(error)) throw error;
  }
  await CancellationScope.nonCancellable(async () => {
    // Before the tokens go: it takes one of them.
    const notificationsEnded = (await endSubscription(accountId)) ?? false;
    receipt = { ...(await cleanUp(accountId, removal ?? { actor: 'mailroom' })), notificationsEnded };
    view.showState('removed');
    await condition(allHandlersFinished);
  });
}

function shouldContinueAsNew(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_PER_RUN;
}
