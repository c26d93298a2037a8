import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';

/** Executions of a text on one connection before it is prepared: rare statements never are. pgjdbc's number. */
const PREPARED_FROM = 5;
/**
 * Prepared statements per connection: more would only fill the server's memory. As many texts are counted. pgjdbc's
 * number.
 */
const STATEMENTS_AT_MOST = 256;

/**
 * `0A000`: *cached plan must not change result type*, a migration changed a table. `26000`: a pooler dropped the
 * statement. Both refuse a statement before it is executed.
 */
const outdated: ReadonlySet<string | undefined> = new Set(['0A000', '26000']);

/**
 * A pool whose connections prepare frequent statements: PostgreSQL plans most of ours longer than it executes them.
 * Works behind a session pooler, and across migrations.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? preparingClient(client);
      clients.set(client, known);
      return known;
    },
  };
}

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  const executions = new Map<string, number>();
  const names = new Map<string, string>();
  let prepared = 0;

  /** Undefined: not to be prepared, or not yet. */
  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined || names.size === STATEMENTS_AT_MOST) return known;
    const count = (executions.get(text) ?? 0) + 1;
    if (count < PREPARED_FROM) {
      if (executions.size === STATEMENTS_AT_MOST) executions.clear();
      executions.set(text, count);
      return undefined;
    }
    executions.delete(text);
    // Never reuses a name: the connection would take the outdated statement for prepared.
    const name = `mailroom-${++prepared}`;
    names.set(text, name);
    return name;
  }

  async function query(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    // Without parameters: `begin`, `commit` and the like.
    const name = values.length === 0 ? undefined : nameOf(text);
    if (name === undefined) return await client.query(text, [...values]);
    try {
      return await client.query({ name, text, values: [...values] });
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !outdated.has(error.code)) throw error;
      names.delete(text);
      // In a transaction, which the refusal has aborted, this fails as well: the original refusal is thrown.
      return await client.query(text, [...values]).catch(() => Promise.reject(error));
    }
  }

  // Kysely's other form of `query` is for cursors, which we do not use.
  return { query: query as unknown as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) };
}
