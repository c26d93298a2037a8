import type { AccountChange } from '../evidence/evidence.ts';
import type { PlannedAccount } from '../plan/plan.ts';
import { type Operation, operationsOf, type Suffered } from '../record/operation.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

interface SignInEvidence {
  readonly operations: readonly Operation[];
  readonly suffered: readonly Suffered[];
  readonly changes: readonly AccountChange[];
  readonly accounts: readonly PlannedAccount[];
}

/** Faults by which Entra itself says that somebody has to sign in. */
const saidByEntra = /grant|interaction|consent|claims|policy|entra/;
/** What looks like access that was taken away, where a mailbox is read under another person's name. */
const saidOfShared = /denied|gone|not-found|unauthorized|forbidden/;
/** What was said while a fault lasted may be believed only after it. */
const BELIEVED_AFTER_MS = 60_000;

/** An account asks for a sign-in only after its tokens were taken back, or Entra said so: a refusal is not a sign-out. */
export function checkSignIns({ operations, suffered, changes, accounts }: SignInEvidence): readonly Finding[] {
  const revocations = operationsOf(operations, 'revoke', 'withdraw');
  return changes
    .filter(({ name }) => name === 'sign-in-needed')
    .filter(({ account, at }) => {
      const { address, kind } = accounts[account] as PlannedAccount;
      const isRevoked = revocations.some((each) => each.account === account && each.start <= at);
      const isSaid = suffered.some((harm) => {
        if (harm.do !== 'simulator-fault' || harm.start > at || harm.end + BELIEVED_AFTER_MS < at) return false;
        if ((harm.fault.mailbox ?? address) !== address) return false;
        const fault = String(harm.fault.kind);
        return saidByEntra.test(fault) || (kind === 'shared' && saidOfShared.test(fault));
      });
      return !isRevoked && !isSaid;
    })
    .map(({ account, at }) => ({
      verdict: 'sign-in asked for without need',
      what: `account ${account} at ${moment(at)}: its tokens were good`,
    }));
}
