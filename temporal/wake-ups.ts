import pLimit from 'p-limit';
import type { Wake } from '../contract/mailbox.ts';
import type { Mailboxes, MailboxRef } from './mailboxes.ts';

export interface WakeUps {
  /** Wakes the workflow of an account as soon as possible. Returns at once. */
  wake(account: MailboxRef): void;
  /** Sends no further signal, and waits for those in flight. */
  close(): Promise<void>;
}

/** Signals in flight at once: enough for thousands a second, few enough not to overload Temporal in a burst. */
const CONCURRENT_SIGNALS = 64;

/**
 * Wakes workflows for callers that must not wait: for each account, at most one signal in flight and one queued behind
 * it. While Temporal is away, a signal takes seconds and fails; `onFailed` is then called, and the account's watch
 * makes up for it.
 */
export function createWakeUps(
  mailboxes: Pick<Mailboxes, 'wake'>,
  onFailed: (error: unknown, accountId: string) => void,
  because: Wake['because'] = 'mail',
): WakeUps {
  const limit = pLimit(CONCURRENT_SIGNALS);
  const underWay = new Map<string, { again: boolean }>();
  const signals = new Set<Promise<void>>();
  let isClosed = false;

  async function signal(account: MailboxRef): Promise<void> {
    const waking = mailboxes.wake(account, { because }).catch((error: unknown) => onFailed(error, account.id));
    signals.add(waking);
    await waking;
    signals.delete(waking);
  }

  function wake(account: MailboxRef): void {
    const before = underWay.get(account.id);
    if (before) {
      before.again = true;
      return;
    }
    const state = { again: false };
    underWay.set(account.id, state);
    void limit(signal, account).then(() => {
      underWay.delete(account.id);
      if (state.again && !isClosed) wake(account);
    });
  }

  return {
    wake,
    async close() {
      isClosed = true;
      limit.clearQueue();
      await Promise.all(signals);
    },
  };
}
