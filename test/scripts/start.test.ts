import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { ensureDatabase, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import { findSimulatorUrl } from '../../scripts/embedded/simulator-url.ts';
import { readStackEnvironment } from '../../scripts/embedded/stack-environment.ts';
import { startTemporal } from '../../scripts/embedded/temporal-server.ts';
import { eventually } from '../support/eventually.ts';
import {
  createHome,
  type Home,
  recordedProcesses,
  runReset,
  runStart,
  type StartProcess,
  survivors,
} from './start-process.ts';

const everybody = ['API', 'PostgreSQL', 'Simulator', 'Temporal', 'Worker'];
/** Windows of what the issue promises, in seconds. */
const SECOND_START_WITHIN = 8;
const STOP_WITHIN = 10;

let home: Home;
let running: StartProcess[] = [];

function start(env: Readonly<Record<string, string>> = {}): StartProcess {
  const process = runStart(home, env);
  running.push(process);
  return process;
}

async function stop(process: StartProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
  const since = performance.now();
  process.kill(signal);
  expect(await process.exited, process.output()).toBe(0);
  return (performance.now() - since) / 1_000;
}

beforeAll(async () => {
  home = await createHome();
});
afterEach(async () => {
  for (const process of running) process.kill('SIGTERM');
  await Promise.all(running.map(({ exited }) => exited));
  running = [];
});
afterAll(() => home.remove());

describe('npm start', () => {
  it('starts all of Mailroom, and says where it is and how to sign in', async () => {
    const mailroom = start();
    await mailroom.untilReady();
    const { API_PORT, SIMULATOR_PORT, TEMPORAL_UI_PORT } = home.ports;
    for (const port of [API_PORT, SIMULATOR_PORT, TEMPORAL_UI_PORT]) {
      expect(mailroom.output()).toContain(`http://localhost:${port}`);
    }
    expect(mailroom.output()).toMatch(/Sign in as admin@contoso\.example/);
    expect(mailroom.output()).toMatch(/✔ PostgreSQL 18 ready on \d+, data created \(\d+\.\d s\)/);
    expect(findSimulatorUrl({}, home.folder.path)).toBe(`http://localhost:${SIMULATOR_PORT}`);
    expect((await fetch(`http://localhost:${API_PORT}/readyz`)).status).toBe(200);
    expect((await fetch(`http://localhost:${TEMPORAL_UI_PORT}/`)).status).toBe(200);
    expect(
      recordedProcesses(home)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(everybody);
    expect(await stop(mailroom)).toBeLessThan(STOP_WITHIN);
  });

  it('is ready again within eight seconds, with the data of last time', async () => {
    const mailroom = start();
    expect(await mailroom.untilReady()).toBeLessThan(SECOND_START_WITHIN);
    expect(mailroom.output()).toContain('Schema is up to date');
    expect(mailroom.output()).not.toContain('data created');
    await stop(mailroom);
  });

  it('stops everything in order when it is asked, also twice, and leaves nothing behind', async () => {
    const mailroom = start();
    await mailroom.untilReady();
    const processes = recordedProcesses(home);
    // As npm does, which passes on what the terminal has sent to everybody already.
    mailroom.kill('SIGINT');
    expect(await stop(mailroom, 'SIGINT')).toBeLessThan(STOP_WITHIN);
    expect(survivors(processes)).toEqual([]);
    expect(readFileSync(home.folder.logOf('Worker'), 'utf8')).toContain('worker.stopped');
    expect(readFileSync(home.folder.logOf('PostgreSQL'), 'utf8')).toContain('database system is shut down');
    expect(existsSync(home.folder.lock)).toBe(false);
  });

  it('stops when it is asked in the middle of its start', async () => {
    const mailroom = start();
    await eventually(() => expect(recordedProcesses(home)).not.toEqual([]), { timeoutMs: 20_000 });
    const processes = recordedProcesses(home);
    expect(await stop(mailroom)).toBeLessThan(STOP_WITHIN);
    expect(survivors([...processes, ...recordedProcesses(home)])).toEqual([]);
  });

  it('takes its processes with it when it is killed, and starts again', async () => {
    const mailroom = start();
    await mailroom.untilReady();
    const processes = recordedProcesses(home);
    mailroom.kill('SIGKILL');
    await mailroom.exited;
    await eventually(() => expect(survivors(processes)).toEqual([]), { timeoutMs: STOP_WITHIN * 1_000 });
    const next = start();
    await next.untilReady();
    await stop(next);
  });

  it('stops when npm is gone, which does not always pass on what it is told', async () => {
    const shell = runStart(home, { npm_lifecycle_event: 'start' }, ['sh', '-c', '"$0" "$@"; exit']);
    await shell.untilReady();
    const processes = recordedProcesses(home);
    shell.kill('SIGKILL');
    await eventually(() => expect(survivors(processes)).toEqual([]), { timeoutMs: STOP_WITHIN * 1_000 });
    await eventually(() => expect(existsSync(home.folder.lock)).toBe(false));
  });

  it('restarts a process that died, and says so', async () => {
    const mailroom = start();
    await mailroom.untilReady();
    for (const name of ['Worker', 'PostgreSQL']) {
      const victim = recordedProcesses(home).find((process) => process.name === name);
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      await eventually(() => expect(mailroom.output()).toContain(`✔ ${name} runs again`), { timeoutMs: 20_000 });
      expect(mailroom.output()).toContain(`⚠ ${name} ended unexpectedly (SIGKILL); starting it again in 0.5 s`);
    }
    await eventually(async () => {
      const { status } = await fetch(`http://localhost:${home.ports.API_PORT}/readyz`);
      expect(status).toBe(200);
    });
    await stop(mailroom);
  });

  it('refuses in one line to run a second time in the same folder', async () => {
    const mailroom = start();
    await mailroom.untilReady();
    const second = start();
    expect(await second.exited).toBe(1);
    expect(second.output()).toBe(
      `✘ Mailroom runs here already: http://localhost:${home.ports.API_PORT}. ` +
        `To stop it, press Ctrl-C where it runs, or: kill ${mailroom.pid}\n`,
    );
    expect(readStackEnvironment(home.folder.path)).toMatchObject({ API_PORT: home.ports.API_PORT });
    await stop(mailroom);
    expect(readStackEnvironment(home.folder.path)).toBeUndefined();
  });

  it('keeps its secrets from everybody else', async () => {
    for (const file of [home.folder.secrets, home.folder.temporalDatabase, home.folder.simulatorDatabase]) {
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
  });
});

describe('npm start with servers that are there already', () => {
  it('uses them, with the namespace that was given, and does not end them', async () => {
    const [port = 0, temporalPort = 0] = await freePorts(2);
    const cluster = { dataFolder: join(dirname(home.folder.path), 'postgres'), user: 'me', password: 'mine', port };
    await createPostgresCluster(cluster);
    const postgres = await startPostgres(cluster);
    const temporal = await startTemporal({ port: temporalPort, namespace: 'mine' });
    try {
      await ensureDatabase(postgres.urlOf('postgres'), 'mine');
      const mailroom = start({
        DATABASE_URL: postgres.urlOf('mine'),
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_NAMESPACE: 'mine',
        MICROSOFT_CLOUD: 'global',
      });
      await mailroom.untilReady();
      const started = recordedProcesses(home).map(({ name }) => name);
      expect(started.sort()).toEqual(['API', 'Worker']);
      expect(mailroom.output()).toContain('Schema brought up to date');
      expect(mailroom.output()).not.toContain('simulated');
      expect(readStackEnvironment(home.folder.path)).toMatchObject({ TEMPORAL_NAMESPACE: 'mine' });
      await stop(mailroom);
      expect([postgres.process.hasExited(), temporal.process.hasExited()]).toEqual([false, false]);
    } finally {
      await Promise.all([postgres.stop(), temporal.stop()]);
    }
  });
});

describe('what keeps npm start from starting', () => {
  it('is told for every port that is taken: by whom, and the variable to set', async () => {
    const taken = ['API_PORT', 'POSTGRES_PORT'];
    const servers = await Promise.all(taken.map((name) => listen(Number(home.ports[name]))));
    const mailroom = start();
    expect(await mailroom.exited).toBe(1);
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    for (const name of taken) {
      expect(mailroom.output()).toMatch(
        new RegExp(`Port ${home.ports[name]}, for \\w+, is taken by .+\\(process ${process.pid}\\).+ set ${name} to`),
      );
    }
  });

  it('is told for a variable that is no port', async () => {
    const mailroom = start({ API_PORT: 'eighty', SIMULATOR_PORT: home.ports.TEMPORAL_PORT ?? '' });
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toBe(
      '✘ API_PORT is "eighty": must be a port from 1 to 65535, such as 3000.\n' +
        `  SIMULATOR_PORT and TEMPORAL_PORT are both ${home.ports.TEMPORAL_PORT}.\n`,
    );
  });

  it('is told for every port that browsers and Node refuse to connect to', async () => {
    const mailroom = start({ API_PORT: '6000', SIMULATOR_PORT: '4190', TEMPORAL_UI_PORT: '10080' });
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toBe(
      '✘ API_PORT is 6000: browsers and Node refuse to connect to this port. Try 3000.\n' +
        '  SIMULATOR_PORT is 4190: browsers and Node refuse to connect to this port. Try 4000.\n' +
        '  TEMPORAL_UI_PORT is 10080: browsers and Node refuse to connect to this port. Try 8233.\n',
    );
  });

  it('is told for everything else that is wrong with the configuration, before anything starts', async () => {
    const mailroom = start({ POLL_INTERVAL_SECONDS: 'often', MICROSOFT_CLOUD: 'moon' });
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toMatch(/^✘ The configuration has 2 problems:\n.*MICROSOFT_CLOUD is "moon": .*\n.*POLL_/);
  });

  it('is told when there is no Temporal server at the address that was given', async () => {
    const mailroom = start({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toContain('✘ Temporal at 127.0.0.1:1 (TEMPORAL_ADDRESS) cannot be used:');
  });

  it('is told when there is no Temporal server and no way to get one', async () => {
    // No `temporal` on this PATH, an empty cache, and no way out, neither for a download nor for Go.
    const cache = join(home.folder.path, 'empty-cache');
    const closed = { HTTPS_PROXY: 'http://127.0.0.1:1', GOPROXY: 'off' };
    const mailroom = start({ PATH: '/usr/bin:/bin', XDG_CACHE_HOME: cache, ...closed });
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toMatch(/✘ .*Install the Temporal CLI \(https:\/\/docs\.temporal\.io\/cli\)/s);
  });

  it('is told when the data are damaged, with the log and the way to begin anew', async () => {
    writeFileSync(join(home.folder.postgres, 'global', 'pg_control'), 'damaged');
    const mailroom = start();
    expect(await mailroom.exited).toBe(1);
    expect(mailroom.output()).toMatch(
      /✘ PostgreSQL does not start: the data in \S+ are damaged\. .+npm run reset.+ \(.*pg_control.*\)\n/,
    );
  });
});

describe('npm run reset', () => {
  it('wipes the data, and ends what runs only when that is confirmed; the next start begins with no data', async () => {
    const damaged = runReset(home);
    expect(await damaged.exited).toBe(0);
    expect(existsSync(home.folder.path)).toBe(false);

    const mailroom = start();
    await mailroom.untilReady();
    const processes = recordedProcesses(home);
    const unasked = runReset(home);
    expect(await unasked.exited).toBe(1);
    expect(unasked.output()).toMatch(/Nothing was wiped: Mailroom runs here \(http\S+\)\. .+ -- --yes/);
    expect(survivors(processes)).toHaveLength(processes.length);
    const reset = runReset(home, '--yes');
    expect(await reset.exited, reset.output()).toBe(0);
    expect(await mailroom.exited).toBe(0);
    expect(survivors(processes)).toEqual([]);
    expect(existsSync(home.folder.path)).toBe(false);
  });
});

async function listen(port: number) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
