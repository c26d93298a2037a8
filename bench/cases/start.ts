import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { until } from '../measure/until.ts';

const AWAY_MS = 10_000;
const CURRENT_WITHIN_MS = 120_000;
const STOP_GRACE_MS = 15_000;

/** How long people and mailboxes wait after a start. */
export const start: BenchmarkCase = {
  name: 'start',
  question: 'How long does a start take, and until every mailbox is current again?',
  steps: [
    { stack: 'own', run: startAll },
    { stack: 'poll', connected: 1_000, run: resume },
  ],
};

/** `npm start` with new data, and again with the data of the first start. */
async function startAll({ onStart }: BenchOptions): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-bench-start-'));
  let stop = async () => {};
  onStart(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const [api, simulator, temporal, temporalUi, postgres] = await freePorts(5);
  const seconds: number[] = [];
  for (const _ of ['first', 'again']) {
    const startedAt = performance.now();
    const started = await startServerProcess({
      name: 'npm start',
      command: process.execPath,
      args: ['scripts/start.ts', '--data', folder],
      cwd: projectFolder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        // Without a terminal, this variable makes it end with the benchmark.
        npm_lifecycle_event: 'start',
        API_PORT: String(api),
        SIMULATOR_PORT: String(simulator),
        TEMPORAL_PORT: String(temporal),
        TEMPORAL_UI_PORT: String(temporalUi),
        POSTGRES_PORT: String(postgres),
      },
    });
    stop = async () => void (await started.stop({ signal: 'SIGINT', graceMs: STOP_GRACE_MS }));
    await started.untilLine(/Ready after/);
    seconds.push((performance.now() - startedAt) / 1_000);
    await stop();
  }
  rmSync(folder, { recursive: true, force: true });
  const [first = Number.NaN, again = Number.NaN] = seconds;
  return [
    { what: 'npm start, new data', value: first, unit: 's' },
    { what: 'npm start, warm', value: again, unit: 's' },
  ];
}

/** Kills the only worker and restarts it some time later. */
async function resume({ stack, accounts }: Crowd): Promise<readonly Figure[]> {
  await stack.stopWorkers('SIGKILL');
  await sleep(AWAY_MS);
  const { rows } = await sql<{ now: Date }>`select now()`.execute(stack.db);
  const startedAt = performance.now();
  await stack.startWorker();
  const readyAfter = performance.now() - startedAt;
  const stale = sql<{ count: number }>`select count(*) from watches where current_at < ${rows[0]?.now}`;
  await until('every mailbox is current again', async () => (await stale.execute(stack.db)).rows[0]?.count === 0, {
    timeoutMs: CURRENT_WITHIN_MS,
  });
  return [
    { what: 'worker ready', value: readyAfter / 1_000, unit: 's' },
    {
      what: `${accounts.length} mailboxes current after the worker's start`,
      value: (performance.now() - startedAt) / 1_000,
      unit: 's',
    },
  ];
}
