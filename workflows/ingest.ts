import { condition, patched } from '@temporalio/workflow';
import type { AccountReading, SubscriptionReport } from '../contract/activities.ts';
import { jittered, RECONCILE_RETRY_MS } from '../domain/schedule.ts';
import { createAlarm } from './alarm.ts';
import type { createMailboxTurns } from './mailbox-turns.ts';
import type { createOperatorView } from './operator-view.ts';
import type { Picture } from './picture.ts';
import type { createSubscriptionTurns } from './subscription-turns.ts';

interface Ingestion {
  readonly picture: Picture;
  readonly turns: ReturnType<typeof createMailboxTurns>;
  readonly subscriptions: ReturnType<typeof createSubscriptionTurns>;
  readonly view: ReturnType<typeof createOperatorView>;
}

/** Conditions that end a wait: a command, at once; a requested reading of the row, once nothing is running. */
interface Stirs {
  readonly commanded: () => boolean;
  readonly woken: () => boolean;
}

/** The mailbox loop: drain, reconcile when due, sleep until woken. */
export function createIngest({ picture, turns, subscriptions, view }: Ingestion) {
  let rung = false;
  let tended = false;
  const alarm = createAlarm();

  /** Sleeps until something is due, and keeps the subscription alive during that time. */
  async function sleep(ms: number, { commanded, woken }: Stirs): Promise<void> {
    const endsAt = Date.now() + ms;
    const ends = () => rung || woken() || commanded();
    for (let account = picture.account(); account && !ends(); account = picture.account()) {
      const drainAt = Math.min(endsAt, account.reconcileDueAt);
      if (Date.now() >= drainAt) return;
      if (tended) {
        tended = false;
        view.showColumns(await picture.refresh());
        continue;
      }
      if (account.subscriptionDueAt <= Date.now()) subscriptions.start(noteSubscription);
      const subscriptionDueAt = subscriptions.idle() ? account.subscriptionDueAt : endsAt;
      if (subscriptionDueAt < drainAt) alarm.setFor(subscriptionDueAt, 'Until the notifications are due');
      else
        alarm.setFor(drainAt, drainAt < endsAt ? 'Until the comparison is due' : 'Until mail is read without a reason');
      const [ended, alarms] = [subscriptions.ended(), alarm.rung()];
      const told = () => subscriptions.ended() !== ended || alarm.rung() !== alarms;
      await condition(() => ends() || tended || told());
    }
  }

  /** Mail that arrived between the last drain and a new subscription caused no notification, so a drain follows. */
  function noteSubscription({ dueAt, isNew }: SubscriptionReport): void {
    picture.adjust({ subscriptionDueAt: dueAt, ...(isNew ? { subscribed: true } : {}) });
    rung ||= isNew;
  }

  /** Reconciles mailbox and ledger for one turn. False when that is not due. */
  async function reconcile(dueAt: number, heartbeatMs: number, commanded: () => boolean): Promise<boolean> {
    if (dueAt > Date.now()) return false;
    const report = await turns.reconcile(heartbeatMs, commanded);
    if (report === 'sign-in-needed') await picture.refresh();
    const dueInMs = typeof report === 'string' ? RECONCILE_RETRY_MS : report.nextDueInMs;
    picture.adjust({ reconcileDueAt: Date.now() + dueInMs });
    return true;
  }

  return {
    /** Signals of 0.1.0: the first began a drain, the second a reading of the row. */
    drainOnSignal(): void {
      rung = true;
    },
    readRowOnSignal(): void {
      tended = true;
    },
    /** Reads again what operators see; a drain that is running does that anyway. */
    refreshColumns(): void {
      tended = true;
    },

    /** The account is paused: no timer stands for its next round. */
    rest(): void {
      if (alarm.isSet() && patched('paused-without-alarm')) alarm.clear();
    },

    /** One round: a drain and what follows from it. Ends at once when a command arrives. */
    async round({ drainHeartbeatTimeoutMs: heartbeatMs, ...account }: AccountReading, stirs: Stirs) {
      const { commanded } = stirs;
      rung = false;
      const report = await turns.drain(heartbeatMs, commanded);
      if (report === 'sign-in-needed') await picture.refresh();
      if (typeof report === 'string') return;
      view.showDrain(report);
      const { hasMore, nextDrainInMs, reconcileDueAt = account.reconcileDueAt } = report;
      picture.adjust({ reconcileDueAt });
      // The next round drains whatever the result: a reconciliation that failed leaves the mailbox unwatched.
      if (hasMore || (await reconcile(reconcileDueAt, heartbeatMs, commanded))) return;
      await sleep(jittered(nextDrainInMs, Math.random()), stirs);
    },
  };
}
