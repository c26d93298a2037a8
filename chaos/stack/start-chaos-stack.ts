import { createSecretKey, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createSimulatorControl, type SimulatorControl } from '../../bench/stack/simulator-control.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { startNodeService } from '../../scripts/embedded/node-service.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { ensureDatabase } from '../../scripts/embedded/postgres-server.ts';
import type { ServerProcess } from '../../scripts/embedded/server-process.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { type Balancer, startBalancer } from '../network/balancer.ts';
import { startTcpProxy, type TcpProxy } from '../network/tcp-proxy.ts';
import { type Dependency, type Target, targets } from '../plan/plan.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { startUnrulyPostgres, type UnrulyPostgres } from './unruly-postgres.ts';
import { createUnrulyProcess, type UnrulyProcess } from './unruly-process.ts';
import { startUnrulyTemporal, type UnrulyTemporal } from './unruly-temporal.ts';

/** All of Mailroom, in processes and behind connections that can be broken one by one. */
export interface ChaosStack {
  readonly processes: Readonly<Record<Target, UnrulyProcess>>;
  readonly postgres: UnrulyPostgres;
  readonly temporal: UnrulyTemporal;
  readonly simulator: SimulatorControl;
  /** The simulator's process, with its control API. */
  readonly microsoft: { freeze(): void; thaw(): void };
  /** Undefined: PostgreSQL simulates a full disk. */
  readonly disk: SmallDisk | undefined;
  /** Reads behind the API; bypasses all proxies. */
  readonly db: Database;
  readonly workflows: Client;
  /** The URL of each API process, bypassing the balancer. */
  readonly apiUrls: readonly string[];
  /**
   * The proxy between a process and one of its dependencies. All processes share one proxy to the simulator, because
   * tokens are cached under its address.
   */
  line(target: Target, to: Dependency): TcpProxy;
  /** Makes every process run and every connection pass. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

export interface ChaosStackOptions {
  /** For logs; it is kept. */
  readonly folder: string;
  readonly onCollapse: (name: string, lastLine: string) => void;
}

const DATABASE = 'mailroom';

/**
 * Short, so that every timer of the product fires many times in a run of minutes: mailboxes are polled every two
 * seconds, those with notifications every ten, and a drain without heartbeats is retried after five.
 */
const TIMES = {
  POLL_INTERVAL_SECONDS: '2',
  BACKSTOP_INTERVAL_SECONDS: '10',
  DRAIN_HEARTBEAT_TIMEOUT_SECONDS: '5',
  DELTA_PAGE_SIZE: '25',
};

export async function startChaosStack({ folder, onCollapse }: ChaosStackOptions): Promise<ChaosStack> {
  const data = mkdtempSync(join(tmpdir(), 'mailroom-chaos-'));
  chmodSync(data, 0o711); // root's PostgreSQL runs as another user
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const ending: (() => unknown)[] = [() => rmSync(data, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<ChaosStack> {
    const [publicPort = 0, simulatorPort = 0, postgresPort = 0, temporalPort = 0, ...apiPorts] = await freePorts(6);
    const disk = mountSmallDisk(join(data, 'disk'));
    if (disk) ending.push(disk.unmount);

    const postgres = await startUnrulyPostgres(
      {
        dataFolder: join(data, 'disk', 'postgres'),
        port: postgresPort,
        user: DATABASE,
        password: randomBytes(16).toString('hex'),
        logFile: join(logs, 'postgres.log'),
        disk,
      },
      DATABASE,
    );
    ending.push(postgres.stop);
    await ensureDatabase(postgres.urlOf('postgres'), DATABASE);
    await migrateToLatest(postgres.urlOf(DATABASE));
    const db = openDatabase({ url: postgres.urlOf(DATABASE), poolSize: 4, applicationName: 'chaos' });
    ending.push(() => db.destroy());

    const temporal = await startUnrulyTemporal({
      port: temporalPort,
      databaseFile: join(data, 'temporal.db'),
      logFile: join(logs, 'temporal.log'),
    });
    ending.push(temporal.stop);

    let simulatorProcess: ServerProcess | undefined;
    ending.push(async () => {
      // A frozen process would not see the request to end.
      simulatorProcess?.kill('SIGCONT');
      await simulatorProcess?.stop();
    });
    const direct = `http://localhost:${simulatorPort}`;
    await startNodeService({
      name: 'Simulator',
      program: ['simulator/main.ts', '--port', String(simulatorPort), '--data', join(data, 'simulator.db')],
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      readyAt: { url: direct, accept: () => true },
      logFile: join(logs, 'simulator.log'),
      onSpawn: (spawned) => {
        simulatorProcess = spawned;
      },
    });

    const lines = new Map<string, TcpProxy>();
    const lay = async (name: string, port: number) => {
      const proxy = await startTcpProxy({ host: '127.0.0.1', port });
      ending.push(proxy.close);
      lines.set(name, proxy);
    };
    await lay('simulator', simulatorPort);
    for (const target of targets) {
      await lay(`${target} postgres`, postgresPort);
      await lay(`${target} temporal`, temporalPort);
    }
    const line = (target: Target, to: Dependency) => lines.get(to === 'simulator' ? to : `${target} ${to}`) as TcpProxy;

    const encryptionKey = randomBytes(32);
    const keys = createKeyRing([{ id: 'chaos', key: createSecretKey(encryptionKey) }]);
    const workflows = openTemporalClient({ address: `127.0.0.1:${temporalPort}`, namespace: 'default', keys });
    ending.push(() => workflows.connection.close());
    const environmentOf = (target: Target) => {
      const databaseUrl = new URL(postgres.urlOf(DATABASE));
      databaseUrl.port = String(line(target, 'postgres').port);
      return {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PUBLIC_URL: `http://localhost:${publicPort}`,
        ...(target.startsWith('api') ? { API_PORT: String(apiPorts[targets.indexOf(target)]) } : {}),
        DATABASE_URL: databaseUrl.href,
        TEMPORAL_ADDRESS: `127.0.0.1:${line(target, 'temporal').port}`,
        MICROSOFT_CLOUD: 'simulator',
        SIMULATOR_URL: `http://localhost:${line(target, 'simulator').port}`,
        ENCRYPTION_KEYS: `chaos:${encryptionKey.toString('base64')}`,
        LOG_LEVEL: 'warn',
        ...TIMES,
      };
    };
    const processes = Object.fromEntries(
      targets.map((name) => {
        const program = name.startsWith('api') ? 'api/main.ts' : 'worker/main.ts';
        const logFile = join(logs, `${name}.log`);
        return [name, createUnrulyProcess({ name, program, env: environmentOf(name), logFile, onCollapse })];
      }),
    ) as Record<Target, UnrulyProcess>;
    const all = Object.values(processes);
    ending.push(() => Promise.all(all.map((each) => each.stop())));
    await Promise.all(all.map((each) => each.start()));
    await Promise.all(all.map((each) => each.untilReady()));

    const apiUrls = apiPorts.map((port) => `http://localhost:${port}`);
    const balancer: Balancer = await startBalancer(publicPort, apiUrls);
    ending.push(balancer.close);

    return {
      processes,
      postgres,
      temporal,
      simulator: createSimulatorControl(direct, { keepAlive: false }),
      microsoft: {
        freeze: () => void simulatorProcess?.kill('SIGSTOP'),
        thaw: () => void simulatorProcess?.kill('SIGCONT'),
      },
      disk,
      db,
      workflows,
      apiUrls,
      line,
      async heal() {
        for (const proxy of lines.values()) {
          proxy.release();
          await proxy.restore().catch(() => {});
        }
        postgres.thaw();
        simulatorProcess?.kill('SIGCONT');
        await Promise.all([postgres.start(), temporal.start()]);
        for (const each of all) each.thaw();
      },
      stop,
    };
  }
}
