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

/** Faults in which Entra itself asks for a sign-in. */
const saidByEntra = /grant|interaction|consent|claims|policy|entra/;
/** Faults that look like withdrawn access where a mailbox is read under another person's name. */
const saidOfShared = /denied|gone|not-found|unauthorized|forbidden/;
/** A fault may take effect only after it has ended. */
const BELIEVED_AFTER_MS = 60_000;

/**
 * Checks that an account asks for a sign-in only after its tokens were revoked or Entra asked: a refusal is not a
 * sign-out.
 */
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
