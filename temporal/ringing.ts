import pLimit from 'p-limit';
import type { Wake } from '../contract/mailbox.ts';
import type { Mailboxes, MailboxRef } from './mailboxes.ts';

export interface Ringing {
  /** Wakes the workflow of an account as soon as possible. Returns at once. */
  ring(account: MailboxRef): void;
  /** Begins no further signal, and waits for those under way. */
  close(): Promise<void>;
}

/** Signals under way at a time: enough for thousands a second, too few to drown Temporal in a burst. */
const CONCURRENT_SIGNALS = 64;

/**
 * Wakes workflows for who must not wait for it: at most one signal under way for each account and one behind it. While
 * Temporal is away a signal takes seconds and fails; then `onFailed` is told, and the account's watch makes up for it.
 */
export function createRinging(
  mailboxes: Pick<Mailboxes, 'wake'>,
  onFailed: (error: unknown, accountId: string) => void,
  because: Wake['because'] = 'mail',
): Ringing {
  const limit = pLimit(CONCURRENT_SIGNALS);
  const underWay = new Map<string, { again: boolean }>();
  const signals = new Set<Promise<void>>();
  let isClosed = false;

  async function signal(account: MailboxRef): Promise<void> {
    const ringing = mailboxes.wake(account, { because }).catch((error: unknown) => onFailed(error, account.id));
    signals.add(ringing);
    await ringing;
    signals.delete(ringing);
  }

  function ring(account: MailboxRef): void {
    const before = underWay.get(account.id);
    if (before) {
      before.again = true;
      return;
    }
    const state = { again: false };
    underWay.set(account.id, state);
    void limit(signal, account).then(() => {
      underWay.delete(account.id);
      if (state.again && !isClosed) ring(account);
    });
  }

  return {
    ring,
    async close() {
      isClosed = true;
      limit.clearQueue();
      await Promise.all(signals);
    },
  };
}
