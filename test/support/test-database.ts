import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { eventually } from './eventually.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops it. Fails, naming them, while connections to it are open: a pool was not ended. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own, cloned from the template in about 30 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer((client) => client.query(`create database ${name} template ${inject('templateDatabase')}`));
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(name) };
}

/** More than enough for connections that were ended; one that was not stays for ever. */
const CLOSING_TAKES = { timeoutMs: 1_500 };
/** Dropping asks for a checkpoint of the whole server, which fails while another file's database has a full disk. */
const CHECKPOINTS_FAIL = { timeoutMs: 15_000, intervalMs: 250 };

async function drop(name: string): Promise<void> {
  await onServer(async (client) => {
    try {
      // The server notices the end of a connection a moment after the client.
      await eventually(async () => {
        const { rows } = await client.query<{ application_name: string; query: string }>(
          'select application_name, query from pg_stat_activity where datname = $1',
          [name],
        );
        if (rows.length === 0) return;
        throw new Error(`Connections to a test's database were left open: ${JSON.stringify(rows)}`);
      }, CLOSING_TAKES);
    } finally {
      await eventually(() => client.query(`drop database if exists ${name} with (force)`), CHECKPOINTS_FAIL);
    }
  });
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
