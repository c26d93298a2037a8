import pMap from 'p-map';
import { mailboxWorkflowId } from '../../workflows/contract.ts';
import type { ConnectedMailbox } from '../stack/connect-mailboxes.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';

/** More would take longer than what is measured. */
const MAILBOXES_ASKED = 400;
const ASKED_AT_A_TIME = 20;

/** Events in the histories of all these mailboxes' workflows; of many mailboxes, an extrapolation from some. */
export async function countHistoryEvents(stack: BenchStack, mailboxes: readonly ConnectedMailbox[]): Promise<number> {
  const step = Math.max(1, Math.floor(mailboxes.length / MAILBOXES_ASKED));
  const asked = mailboxes.filter((_, index) => index % step === 0);
  const lengths = await pMap(
    asked,
    async ({ id }) => (await stack.temporal.workflow.getHandle(mailboxWorkflowId(id)).describe()).historyLength,
    { concurrency: ASKED_AT_A_TIME },
  );
  return (lengths.reduce((sum, length) => sum + length, 0) / asked.length) * mailboxes.length;
}
