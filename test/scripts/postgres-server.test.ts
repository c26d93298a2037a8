import { appendFileSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { listenToNotices } from '../../database/notices.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { postgresOwner } from '../../scripts/embedded/postgres-owner.ts';
import { type PostgresServer, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import { aCertificateAuthority } from '../support/certificates.ts';
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

describe('a PostgreSQL that takes TLS alone', () => {
  it('is migrated, used and listened to with sslmode=verify-full, and no other server is taken for it', async () => {
    const cluster = await aCluster('tls');
    const authority = await aCertificateAuthority();
    const { certificate, key } = await authority.issue('localhost');
    const owner = postgresOwner(cluster.dataFolder);
    for (const [name, content] of [
      ['server.crt', certificate],
      ['server.key', key],
    ] as const) {
      const file = join(cluster.dataFolder, name);
      writeFileSync(file, content, { mode: 0o600 });
      if (owner) chownSync(file, owner.uid, owner.gid);
    }
    appendFileSync(join(cluster.dataFolder, 'postgresql.conf'), 'ssl = on\n');
    writeFileSync(join(cluster.dataFolder, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
    const rootFile = (name: string, pem: string) => {
      writeFileSync(join(folder, name), pem);
      return join(folder, name);
    };
    const ours = rootFile('ours.pem', authority.certificate);
    const others = rootFile('others.pem', (await aCertificateAuthority('Another')).certificate);
    const tls = await startPostgres(cluster);
    const url = (host: string, query: string) => `${tls.urlOf('postgres').replace('127.0.0.1', host)}${query}`;
    const answers = async (databaseUrl: string) => {
      const db = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: 'test' });
      try {
        const found = await sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(db);
        return found.rows[0]?.ssl;
      } catch {
        return 'refused';
      } finally {
        await db.destroy();
      }
    };
    try {
      const good = url('localhost', `?sslmode=verify-full&sslrootcert=${encodeURIComponent(ours)}`);
      expect(await migrateToLatest(good)).toContain('0001-foundation');
      expect(await answers(good)).toBe(true);
      await new Promise<void>((resolve) => {
        const listener = listenToNotices(
          { url: good, applicationName: 'test', channel: 'bells' },
          { onNotice: () => {}, onLost: () => {}, onListening: () => void listener.close().then(resolve) },
        );
      });
      for (const bad of [
        url('localhost', ''),
        url('localhost', `?sslmode=verify-full&sslrootcert=${encodeURIComponent(others)}`),
        url('localhost', '?sslmode=verify-full'),
        url('127.0.0.1', `?sslmode=verify-full&sslrootcert=${encodeURIComponent(ours)}`),
      ]) {
        expect(await answers(bad)).toBe('refused');
      }
    } finally {
      await tls.stop();
    }
  });
});
