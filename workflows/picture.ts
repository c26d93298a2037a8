import type { AccountReading } from '../activities/contract.ts';
import { type AccountState, accountState } from '../domain/account-state.ts';
import { readAccount } from './activities.ts';
import type { Command } from './contract.ts';
import { invalidTransition } from './invalid-transition.ts';
import { createTurns } from './turns.ts';

/**
 * What a run knows of its account: the last reading of the row, and whether somebody wants it removed. The database holds
 * the truth; readings and commands come one after another, so that of two readings the later one wins.
 */
export function createPicture(accountId: string) {
  let account: AccountReading | undefined;
  let removal: Command | undefined;
  let commandsSeen = 0;
  const inTurn = createTurns();

  return {
    /** Undefined before the first reading. */
    account: () => account,
    removal: () => removal,
    /** Grows with every command: what waits on something else looks again. */
    commandsSeen: () => commandsSeen,
    state: (reading: AccountReading): AccountState =>
      accountState({ ...reading, removed: reading.removed || removal !== undefined }),

    /** Replaces the reading. */
    refresh: (read: (accountId: string) => Promise<AccountReading> = readAccount): Promise<AccountReading> =>
      inTurn(async () => {
        account = await read(accountId);
        return account;
      }),

    /** What an activity told beside a reading. */
    adjust(told: Partial<AccountReading>): void {
      if (account) account = { ...account, ...told };
    },

    /** Runs a command that changes the account, when every earlier one is done. */
    change: (work: (before: AccountReading) => Promise<AccountReading>): Promise<AccountReading> =>
      inTurn(async () => {
        account ??= await readAccount(accountId);
        if (removal) throw invalidTransition('The account is being removed');
        account = await work(account);
        commandsSeen++;
        return account;
      }),

    /** From now on the account only goes. */
    remove(command: Command): void {
      removal ??= command;
      commandsSeen++;
    },
  };
}

export type Picture = ReturnType<typeof createPicture>;
