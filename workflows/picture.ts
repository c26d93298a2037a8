import { isCancellation } from '@temporalio/workflow';
import type { AccountReading } from '../contract/activities.ts';
import type { Command } from '../contract/mailbox.ts';
import { type AccountState, accountState } from '../domain/account-state.ts';
import { readAccount } from './activities.ts';
import { invalidTransition } from './invalid-transition.ts';
import { createTurns } from './turns.ts';

/** A command in two ways: `attempt` for a few seconds, while its answer is waited for; `settle` until it is known. */
export interface TriedCommand<Reading extends AccountReading> {
  attempt(): Promise<Reading>;
  /** Missing for a command of 0.1.0, after which that release did nothing. */
  settle?(): Promise<Reading>;
}

/**
 * What a run knows of its account: the last reading of the row, and whether its removal was asked for. The database holds
 * the truth; readings and commands come one after another, so that of two readings the later one wins.
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
    /** Grows with every command, and with every reading on request that finds another state: reading mail is interrupted. */
    changes: () => changes,
    /** Grows with every reading on request: what sleeps looks again. */
    wakes: () => wakes,
    /** No command's outcome is open. */
    isSettled: () => turns.idle(),
    state: (reading: AccountReading): AccountState =>
      accountState({ ...reading, removed: reading.removed || removal !== undefined }),

    /** Replaces the reading. */
    refresh: (read: (accountId: string) => Promise<AccountReading> = readAccount): Promise<AccountReading> =>
      turns.take(async () => {
        account = await read(accountId);
        return account;
      }),

    /** Reads the row because it may have changed. However often that is asked for meanwhile, one reading follows. */
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

    /** Reading mail begins again. */
    interrupt(): void {
      changes++;
    },

    /** What an activity told beside a reading. */
    adjust(told: Partial<AccountReading>): void {
      if (account) account = { ...account, ...told };
    },

    /**
     * Carries a command out, when every earlier one is settled. One whose attempts brought no answer in time fails for who
     * waits for it, and keeps its turn until its outcome is known: the reading is never older than the row for long, and no
     * later command comes before it.
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

    /** From now on the account only goes. */
    remove(command: Command): void {
      removal ??= command;
      changes++;
    },
  };
}

export type Picture = ReturnType<typeof createPicture>;
