import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateToLatest } from '../../database/migrate.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { ensureDatabase, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import { type Started, shareServer } from './shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the tests' PostgreSQL, as a user who may create databases. */
    postgresUrl: string;
    /** Name of the migrated database from which each test file's own one is cloned. */
    templateDatabase: string;
  }
}

const TEMPLATE = 'mailroom_template';

/** One PostgreSQL for all test files of a run, in a temporary folder, with a migrated template. */
export default async function setup(project: TestProject) {
  const { value: url, release } = await shareServer('postgres', start);
  project.provide('postgresUrl', url);
  project.provide('templateDatabase', TEMPLATE);
  return release;
}

async function start(): Promise<Started<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-test-'));
  try {
    const [port = 0] = await freePorts(1);
    const cluster = { dataFolder: join(folder, 'postgres'), user: 'mailroom', password: 'test', durable: false, port };
    await createPostgresCluster(cluster);
    const server = await startPostgres(cluster);
    await ensureDatabase(server.urlOf('postgres'), TEMPLATE);
    await migrateToLatest(server.urlOf(TEMPLATE));
    return {
      value: server.urlOf('postgres'),
      async stop() {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
