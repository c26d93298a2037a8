import { join } from 'node:path';
import { mailboxWorkflowId } from '../../contract/mailbox.ts';
import { writeJsonFile } from '../../scripts/embedded/json-file.ts';
import type { Organisation } from '../actors/organisation.ts';
import type { ChaosStack } from '../stack/start-chaos-stack.ts';

const ASK_WITHIN_MS = 5_000;
const tables = ['watches', 'cursors', 'mailboxBudgets', 'reconciliations', 'subscriptions', 'quarantine'] as const;

/** Writes what is needed to find out why work does not go on: rows, and what each workflow waits for. */
export async function writeStandstill(
  { db, workflows }: ChaosStack,
  { accountIds }: Organisation,
  folder: string,
): Promise<void> {
  const rows = Object.fromEntries(
    await Promise.all(tables.map(async (table) => [table, await db.selectFrom(table).selectAll().execute()] as const)),
  );
  const waiting = await Promise.all(accountIds.map((id, account) => describe(account, id)));
  writeJsonFile(join(folder, 'standstill.json'), { at: new Date(), waiting, rows });

  async function describe(account: number, id: string) {
    try {
      const { status, historyLength, raw } = await workflows.withDeadline(Date.now() + ASK_WITHIN_MS, () =>
        workflows.workflow.getHandle(mailboxWorkflowId(id)).describe(),
      );
      const activities = (raw.pendingActivities ?? []).map(
        ({ activityType, state, attempt, lastFailure, ...times }) => ({
          name: activityType?.name,
          state,
          attempt,
          failure: lastFailure?.message,
          nextAt: times.nextAttemptScheduleTime,
          since: times.lastStartedTime,
        }),
      );
      return { account, id, status: status.name, historyLength, activities };
    } catch (error) {
      return { account, id, status: String(error) };
    }
  }
}
