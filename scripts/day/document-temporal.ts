import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { mailboxWorkflowId } from '../../contract/mailbox.ts';
import { startNodeService } from '../embedded/node-service.ts';
import { environmentOf } from '../embedded/process-environment.ts';
import type { MailroomClient } from '../mailroom-client.ts';
import { documentImage } from './document-image.ts';
import { withSignedIn } from './picture-browser.ts';
import type { PreparedDay } from './prepare-day.ts';

const WINDOW = { width: 1_280, height: 800 };

const READERS = 'WorkflowType="reader"';
/** What the list of readers shows, as Temporal's pages keep it in the browser. */
const READER_COLUMNS = {
  default: [
    { label: 'Status', pinned: true },
    { label: 'Workflow ID', pinned: true },
    ...['MailroomWorker', 'MailroomAccounts', 'MailroomCurrent', 'MailroomLagSeconds'].map((label) => ({ label })),
  ],
};

/** Shares are placed again after two minutes at most; the death of a worker is noticed after ten seconds. */
const PATIENCE_MS = 240_000;
/** Pages of Temporal have drawn what they show by then, and have no sign for it. */
const SETTLED_AFTER_MS = 2_500;

interface Execution {
  readonly execution: { readonly workflowId: string; readonly runId: string };
}

interface Described {
  readonly workflowExecutionInfo: Execution;
  readonly pendingActivities?: readonly { readonly attempt?: number; readonly lastWorkerIdentity?: string }[];
}

export interface TemporalPlaces {
  readonly url: string;
  readonly temporalUiUrl: string;
  /** The environment of the stack, for another worker. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Takes the pictures of Temporal's pages in docs/operations.md; their files. Starts a second worker and kills it for the
 * picture of its death; pauses one of the accounts, and resumes it.
 */
export async function documentTemporal(
  mailroom: MailroomClient,
  { url, temporalUiUrl, environment }: TemporalPlaces,
  { accountIds: [accountId = '', pausedId = ''] }: PreparedDay,
): Promise<readonly string[]> {
  const namespace = environment.TEMPORAL_NAMESPACE ?? 'default';
  const pages = `${temporalUiUrl}/namespaces/${namespace}/workflows`;
  const api = `${temporalUiUrl}/api/v1/namespaces/${namespace}/workflows`;
  const worker = await startNodeService({
    name: 'Second worker',
    program: ['worker/main.ts'],
    env: environmentOf('worker', { ...process.env, ...environment }),
  });
  try {
    return await withSignedIn(url, async (visit) => {
      const context = await visit({ locale: 'en-GB', isSignedIn: true });
      const take = async (name: string, path: string, shown: string) => {
        const page = await openTemporal(context, `${pages}${path}`);
        await page.getByText(shown).first().waitFor();
        await sleep(SETTLED_AFTER_MS);
        const file = await documentImage(name, (into) => page.screenshot({ path: into }));
        await page.close();
        return file;
      };

      const runOf = async (workflowId: string) => {
        const { runId } = (await describe(api, workflowId)).workflowExecutionInfo.execution;
        return `/${workflowId}/${runId}`;
      };

      const account = await take(
        'temporal-account',
        `${await runOf(mailboxWorkflowId(accountId))}/user-metadata`,
        'Events with Metadata',
      );

      await mailroom.patch(`/email/accounts/${pausedId}`, { enabled: false });
      const paused = await runOf(mailboxWorkflowId(pausedId))
        .then((run) => take('temporal-paused-account', `${run}/history`, 'Disable the account'))
        .finally(() => mailroom.patch(`/email/accounts/${pausedId}`, { enabled: true }));

      const held = await untilFound('The second worker reads no share', () =>
        findReader(api, isReadBy(worker.process.pid)),
      );
      const ofSecond = `${READERS} AND MailroomWorker = "${hostname()}:${worker.process.pid}"`;
      await untilFound('The list names no second worker', async () => (await list(api, ofSecond))[0]);
      const readers = await take('temporal-readers', `?query=${encodeURIComponent(READERS)}`, 'reader-1');
      worker.process.kill('SIGKILL');
      await worker.process.exited;
      await untilFound('No share is read for a second time', async () => isReadAgain(await describe(api, held)));
      const run = await runOf(held);
      const dead = await take('temporal-dead-worker', `${run}/pending-activities`, 'Last Failure');
      const reader = await take('temporal-reader', `${run}/history`, 'Read the mailboxes of this share');
      return [account, paused, readers, dead, reader];
    });
  } finally {
    await worker.process.stop({ signal: 'SIGKILL' });
  }
}

async function openTemporal(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize(WINDOW);
  await page.addInitScript(
    (columns) => localStorage.setItem('namespace-workflow-table-columns', columns),
    JSON.stringify(READER_COLUMNS),
  );
  await page.goto(address);
  return page;
}

async function ask<Answer>(address: string): Promise<Answer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`Temporal's pages answered ${response.status}: ${address}`);
  return (await response.json()) as Answer;
}

const describe = (api: string, workflowId: string) => ask<Described>(`${api}/${workflowId}`);

async function list(api: string, query: string): Promise<readonly Execution[]> {
  const { executions = [] } = await ask<{ executions?: readonly Execution[] }>(
    `${api}?query=${encodeURIComponent(query)}`,
  );
  return executions;
}

/** The workflow id of the first reader of which this is true, those with accounts before the others. */
async function findReader(api: string, isWanted: (described: Described) => boolean): Promise<string | undefined> {
  for (const query of [`${READERS} AND MailroomAccounts > 0`, READERS]) {
    for (const { execution } of await list(api, query)) {
      if (isWanted(await describe(api, execution.workflowId))) return execution.workflowId;
    }
  }
  return undefined;
}

/** Identities of workers begin with the number of their process. */
const isReadBy =
  (pid: number) =>
  ({ pendingActivities = [] }: Described) =>
    pendingActivities.some(({ lastWorkerIdentity }) => lastWorkerIdentity?.startsWith(`${pid}@`));

const isReadAgain = ({ pendingActivities = [] }: Described) =>
  pendingActivities.some(({ attempt = 1 }) => attempt > 1) || undefined;

async function untilFound<Found>(otherwise: string, find: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${otherwise} after ${PATIENCE_MS / 60_000} minutes.`);
    await sleep(1_000);
  }
}
