import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { type PostgresServer, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import { eventually } from '../support/eventually.ts';

let folder: string;
let logFile: string;
let server: PostgresServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-postgres-log-'));
  logFile = join(folder, 'postgresql.log');
  server = await startPostgres({ ...(await aCluster('data')), logFile });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function aCluster(name: string) {
  const [port = 0] = await freePorts(1);
  const cluster = { dataFolder: join(folder, name), user: 'me', password: 'mine', port };
  await createPostgresCluster(cluster);
  return cluster;
}

describe('the embedded PostgreSQL', () => {
  it('starts although its lock file names a process that is another PostgreSQL by now', async () => {
    const cluster = await aCluster('crashed');
    const lock = join(cluster.dataFolder, 'postmaster.pid');
    writeFileSync(lock, `${server.process.pid}\n${cluster.dataFolder}\n1\n${cluster.port}\n\n127.0.0.1\n1 1\nready\n`);
    const crashed = await startPostgres(cluster);
    await crashed.stop();
  });
});

describe('the log of the embedded PostgreSQL', () => {
  it('tells that a row was refused, and nothing of what is in it', async () => {
    const client = new pg.Client({ connectionString: server.urlOf('postgres') });
    await client.connect();
    try {
      await client.query('create table people (email text unique)');
      const insert = () => client.query('insert into people values ($1)', ['ada@contoso.example']);
      await insert();
      await expect(insert()).rejects.toMatchObject({ code: '23505' });
    } finally {
      await client.end();
    }
    await eventually(() => expect(readFileSync(logFile, 'utf8')).toContain('people_email_key'));
    expect(readFileSync(logFile, 'utf8')).not.toContain('ada@');
  });
});
