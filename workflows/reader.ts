import { defineSearchAttributeKey } from '@temporalio/common';
import {
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReaderActivities, ShareReport } from '../contract/activities.ts';
import { type ReaderInput, readerAttributeNames, readerWorkflowId } from '../contract/mailbox.ts';
import { PLACEMENTS_PER_RUN, SHARE_HEARTBEAT_TIMEOUT_MS, SHARE_START_TO_CLOSE_MS } from '../domain/schedule.ts';
import { requireOwnId } from './refuse-strangers.ts';

const SECOND_MS = 1_000;

const { readShare } = proxyActivities<ReaderActivities>({
  startToCloseTimeout: SHARE_START_TO_CLOSE_MS,
  heartbeatTimeout: SHARE_HEARTBEAT_TIMEOUT_MS,
  summary: 'Read the mailboxes of this share, for two minutes at most',
  // Retried for ever, at once and on another worker: the share of a worker that died has mail to read.
  retry: { initialInterval: SECOND_MS, backoffCoefficient: 1, maximumInterval: SECOND_MS },
});

const workerKey = defineSearchAttributeKey(readerAttributeNames.worker, 'KEYWORD');
const accountsKey = defineSearchAttributeKey(readerAttributeNames.accounts, 'DOUBLE');
const currentKey = defineSearchAttributeKey(readerAttributeNames.current, 'DOUBLE');
const lagKey = defineSearchAttributeKey(readerAttributeNames.lagSeconds, 'DOUBLE');

/**
 * One share of the mailboxes, for ever: its activity reads them. Temporal places the activity on a worker, again every
 * minute or two, and on another one when heartbeats stop. Shows which worker reads, and the figures of its accounts.
 */
export async function reader({ share }: ReaderInput): Promise<void> {
  requireOwnId(readerWorkflowId(share));
  for (let placements = 0; placements < PLACEMENTS_PER_RUN && !workflowInfo().continueAsNewSuggested; placements++) {
    const report = await readShare(share);
    if (report.isRetired) return;
    show(report);
  }
  await continueAsNew<typeof reader>({ share });
}

function show({ worker, accounts, current, captured, oldestLagSeconds, hasAttributes }: ShareReport): void {
  setCurrentDetails(
    [
      `Read by \`${worker}\``,
      `${current} of ${accounts} accounts up to date; ${captured} mails captured since the worker took the share`,
      `Longest overdue: ${oldestLagSeconds} s`,
    ].join('\n\n'),
  );
  // Setting an attribute that is not registered fails the workflow: an upgrade may come before its registration.
  if (!hasAttributes) return;
  upsertSearchAttributes([
    { key: workerKey, value: worker },
    { key: accountsKey, value: accounts },
    { key: currentKey, value: current },
    { key: lagKey, value: oldestLagSeconds },
  ]);
}
