import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { AccountReading, DrainReport } from '../contract/activities.ts';
import { searchAttributeNames } from '../contract/mailbox.ts';
import type { AccountColumns } from '../domain/account-columns.ts';
import { type AccountState, accountStateWords } from '../domain/account-state.ts';

const stateKey = defineSearchAttributeKey(searchAttributeNames.state, 'KEYWORD');
const mailboxKey = defineSearchAttributeKey(searchAttributeNames.mailbox, 'KEYWORD');
const todayKey = defineSearchAttributeKey(searchAttributeNames.today, 'INT');
const troubleKey = defineSearchAttributeKey(searchAttributeNames.trouble, 'KEYWORD');
const lastDrainKey = defineSearchAttributeKey(searchAttributeNames.lastDrain, 'KEYWORD');

/**
 * What an operator sees of the workflow in Temporal's UI: the state in words and the last drain's counts, as filterable
 * attributes and as the run's details. Writes only changes: each attribute costs an event and a visibility write.
 */
export function createOperatorView(accountId: string) {
  let shownState: AccountState | undefined;
  let shownDrain = '';
  let shown: Partial<AccountColumns> = {};

  const details = (state: AccountState) =>
    [`**${accountStateWords[state]}**`, `Account \`${accountId}\``, shownDrain && `Last drain: ${shownDrain}`]
      .filter(Boolean)
      .join('\n\n');

  return {
    showState(state: AccountState): void {
      if (state === shownState) return;
      shownState = state;
      upsertSearchAttributes([{ key: stateKey, value: accountStateWords[state] }]);
      setCurrentDetails(details(state));
    },
    /** The columns beside the state, where Temporal knows them. */
    showColumns({ columns }: Pick<AccountReading, 'columns'>): void {
      if (columns === undefined) return;
      const changed = [
        ...(columns.mailbox === shown.mailbox ? [] : [{ key: mailboxKey, value: columns.mailbox }]),
        ...(columns.today === shown.today ? [] : [{ key: todayKey, value: columns.today }]),
        ...(columns.trouble === shown.trouble ? [] : [{ key: troubleKey, value: columns.trouble }]),
      ];
      shown = columns;
      if (changed.length > 0) upsertSearchAttributes(changed);
    },
    showDrain(report: DrainReport): void {
      const words = drainWords(report);
      if (words === undefined || words === shownDrain) return;
      shownDrain = words;
      upsertSearchAttributes([{ key: lastDrainKey, value: words }]);
      if (shownState) setCurrentDetails(details(shownState));
    },
  };
}

/** Undefined for a drain that found nothing: the last one that found something stays on display. */
function drainWords({ captured, known, skipped, quarantined }: DrainReport): string | undefined {
  if (captured + quarantined + skipped + known === 0) return undefined;
  const parts = [`${captured} captured`];
  if (known > 0) parts.push(`${known} known already`);
  if (skipped > 0) parts.push(`${skipped} older than the account`);
  if (quarantined > 0) parts.push(`${quarantined} in quarantine`);
  return parts.join(', ');
}
