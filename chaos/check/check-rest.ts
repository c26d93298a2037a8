import type { AccountAtEnd } from '../evidence/evidence.ts';
import type { Finding } from './finding.ts';

/**
 * Checks that at the end the row, workflow and reading of each account agree, its mail flows, and its completeness is
 * true.
 */
export function checkRest(accounts: readonly AccountAtEnd[]): readonly Finding[] {
  return accounts.flatMap((each) => [...disagreement(each), ...standstill(each), ...untrueCompleteness(each)]);
}

function disagreement({ account, enabled, removed, state, reading, workflow }: AccountAtEnd): readonly Finding[] {
  if (removed) {
    if (state === 'not shown' && (workflow === undefined || workflow === 'removed')) return [];
    const what = `account ${account}: the row says removed, the page ${state}, the workflow ${workflow}`;
    return [{ verdict: 'row, workflow and reading disagree', what }];
  }
  const agreed = enabled ? state === 'authenticated' && reading === 'current' : state === 'paused' && reading === 'off';
  // An emptied Temporal forgets disabled accounts, too; the command that enables one starts its workflow again.
  const isAsleep = !enabled && workflow === undefined;
  if (agreed && (workflow === state || isAsleep)) return [];
  const row = enabled ? 'enabled' : 'disabled';
  const what = `account ${account}: the row says ${row}, ${state}, the workflow ${workflow}, the reading is ${reading}`;
  return [{ verdict: 'row, workflow and reading disagree', what }];
}

function standstill({ account, enabled, isProbeRouted }: AccountAtEnd): readonly Finding[] {
  if (enabled === isProbeRouted) return [];
  if (enabled) return [{ verdict: 'account not read', what: `account ${account}: the last mail does not come` }];
  return [{ verdict: 'mail routed while disabled', what: `account ${account}: the last mail came` }];
}

function untrueCompleteness({ account, enabled, comparison }: AccountAtEnd): readonly Finding[] {
  if (!enabled) return [];
  if (comparison === undefined) {
    return [{ verdict: 'completeness not true', what: `account ${account}: it was never compared` }];
  }
  const { inMailbox, inLedger, inQuarantine, counted } = comparison;
  if (inMailbox === counted && inLedger === inMailbox && inQuarantine === 0) return [];
  const what =
    `account ${account}: “${inLedger} of ${inMailbox}, ${inQuarantine} in quarantine” ` +
    `after everything was healed, ${counted} are in the mailbox`;
  return [{ verdict: 'completeness not true', what }];
}
