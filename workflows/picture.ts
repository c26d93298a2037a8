import { isCancellation } from '@temporalio/workflow';
import type { AccountReading } from '../contract/activities.ts';
import type { Command } from '../contract/mailbox.ts';
import { type AccountState, accountState } from '../domain/account-state.ts';
import { readAccount } from './activities.ts';
import { invalidTransition } from './invalid-transition.ts';
import { createTurns } from './turns.ts';

/** A command in two forms: `attempt` for a few seconds, while its caller waits; `settle` until its outcome is known. */
export interface TriedCommand<Reading extends AccountReading> {
  attempt(): Promise<Reading>;
  /** Missing for a command of 0.1.0: that release did not settle. */
  settle?(): Promise<Reading>;
}

/**
 * A run's copy of its account: the last reading of the row, and whether removal was requested. The database holds the
 * truth; readings and commands run one after another, so the later of two readings wins.
 */
export function createPicture(accountId: string) {
  let account: AccountReading | undefined;
  let removal: Command | undefined;
  let changes = 0;
  let wakes = 0;
  let isReadingAsked = false;
  const turns = createTurns();

  return {
    /** Undefined before the first reading. */
    account: () => account,
    removal: () => removal,
    /**
     * Increases with every command, and with every requested reading that finds another state: reading mail is
     * interrupted.
     */
    changes: () => changes,
    /** Increases with every requested reading: a sleeping round checks again. */
    wakes: () => wakes,
    /** No command's outcome is pending. */
    isSettled: () => turns.idle(),
    state: (reading: AccountReading): AccountState =>
      accountState({ ...reading, removed: reading.removed || removal !== undefined }),

    refresh: (read: (accountId: string) => Promise<AccountReading> = readAccount): Promise<AccountReading> =>
      turns.take(async () => {
        account = await read(accountId);
        return account;
      }),

    /** Reads the row because it may have changed. Requests that arrive before the reading starts share it. */
    async lookAgain(): Promise<void> {
      if (isReadingAsked) return;
      isReadingAsked = true;
      await turns.take(async () => {
        isReadingAsked = false;
        const before = account && accountState(account);
        account = await readAccount(accountId);
        if (accountState(account) !== before) changes++;
        wakes++;
      });
    },

    /** Restarts the reading of mail. */
    interrupt(): void {
      changes++;
    },

    /** Applies values that an activity reported beside a reading. */
    adjust(told: Partial<AccountReading>): void {
      if (account) account = { ...account, ...told };
    },

    /**
     * Carries a command out once every earlier one is settled. A command whose attempts brought no answer in time fails
     * for its caller but keeps its turn until the outcome is known: the reading is never older than the row for long,
     * and no later command overtakes it.
     */
    change<Reading extends AccountReading>({ attempt, settle }: TriedCommand<Reading>): Promise<Reading> {
      const carryOut = async () => {
        account ??= await readAccount(accountId);
        if (removal) throw invalidTransition('The account is being removed');
        const reading = await attempt();
        account = reading;
        changes++;
        return reading;
      };
      const findOut = async (find: () => Promise<Reading>) => {
        account = await find().catch((error: unknown) => {
          if (isCancellation(error)) throw error;
          return readAccount(accountId);
        });
        changes++;
      };
      return turns.takeUntilSettled(carryOut, settle && (() => findOut(settle)));
    },

    /** From now on the account can only be removed. */
    remove(command: Command): void {
      removal ??= command;
      changes++;
    },
  };
}

export type Picture = ReturnType<typeof createPicture>;
