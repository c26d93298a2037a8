import pMap from 'p-map';
import { type MailboxStatus, mailboxWorkflowId, queryNames } from '../../contract/mailbox.ts';
import type { Organisation } from '../actors/organisation.ts';
import type { ChaosStack } from '../stack/start-chaos-stack.ts';
import type { AccountAtEnd } from './evidence.ts';

interface Shown {
  readonly id: string;
  readonly enabled: boolean;
  readonly state: string;
  readonly reading: string;
}

const QUERY_WITHIN_MS = 10_000;
const AT_A_TIME = 8;

/** Reads every account from its row, its workflow, the API and the simulator's mailbox. */
export async function readAccounts(
  { db, workflows, simulator }: ChaosStack,
  { administrator: call, accountIds, addresses }: Organisation,
  isProbeRouted: (account: number) => boolean,
): Promise<readonly AccountAtEnd[]> {
  const { body } = await call('GET', '/email/accounts?pageSize=200');
  const shown = new Map((body as { accounts: Shown[] }).accounts.map((each) => [each.id, each]));
  return await pMap(
    accountIds,
    async (id, account) => {
      const { enabled, routingVersion, removedAt } = await db
        .selectFrom('accounts')
        .select(['enabled', 'routingVersion', 'removedAt'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return {
        account,
        enabled,
        removed: removedAt !== null,
        routingVersion,
        state: shown.get(id)?.state ?? 'not shown',
        reading: shown.get(id)?.reading ?? 'not shown',
        workflow: await askWorkflow(id),
        comparison: await readComparison(id, addresses[account] ?? ''),
        isProbeRouted: isProbeRouted(account),
      };
    },
    { concurrency: AT_A_TIME },
  );

  async function askWorkflow(id: string): Promise<string | undefined> {
    try {
      const handle = workflows.workflow.getHandle(mailboxWorkflowId(id));
      const status = await workflows.withDeadline(Date.now() + QUERY_WITHIN_MS, () =>
        handle.query<MailboxStatus | undefined>(queryNames.status),
      );
      return status?.state;
    } catch {
      return undefined;
    }
  }

  async function readComparison(id: string, address: string): Promise<AccountAtEnd['comparison']> {
    const { body } = await call('GET', `/email/accounts/${id}/completeness`);
    const { inMailbox, inLedger, inQuarantine } = body as {
      inMailbox: number | null;
      inLedger: number | null;
      inQuarantine: number;
    };
    const bounds = await db
      .selectFrom('reconciliations')
      .select(['captureFrom', 'receivedBefore'])
      .where('accountId', '=', id)
      .executeTakeFirst();
    if (inMailbox === null || inLedger === null || !bounds?.captureFrom || !bounds.receivedBefore) return undefined;
    const { captureFrom, receivedBefore } = bounds;
    const { messages } = await simulator.call<{ messages: { receivedDateTime: string }[] }>(
      'GET',
      `/mailboxes/${address}/messages?folder=inbox&top=100000`,
    );
    const counted = messages.filter(({ receivedDateTime }) => {
      const at = Date.parse(receivedDateTime);
      return at >= captureFrom.getTime() && at < receivedBefore.getTime();
    }).length;
    return { inMailbox, inLedger, inQuarantine, counted };
  }
}
