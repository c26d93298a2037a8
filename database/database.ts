import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { recordingActs } from './audit/recording-pool.ts';
import { preparing } from './prepared-statements.ts';
import type { Schema } from './schema.ts';
import { noteQuery } from './write-outcome.ts';

export type Database = Kysely<Schema>;
/** What a query function accepts: the pool, or the caller's transaction. */
export type Queryable = Database | Transaction<Schema>;

export interface DatabaseOptions {
  readonly url: string;
  /** Maximum number of connections. */
  readonly poolSize: number;
  readonly applicationName: string;
}

/** Better to fail a request than to let it wait longer for a connection. */
const CONNECT_TIMEOUT_MS = 5_000;
/** None of our queries takes a second; one that takes this long is stuck and would block its connection for ever. */
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * A process that is stopped in the middle of a transaction keeps its row locks for this long: other processes go on
 * within ten seconds. Our transactions only compute between two statements, and never call other services.
 */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 7_000;
/** Shorter than the statement timeout, so that waiting for a lock fails with its own error. */
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;

// bigint (OID 20) as number: counts, sizes and versions stay far below 2^53.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === 20 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** Opens a pool. Nothing connects before the first query. The caller ends it with `destroy()`. */
export function openDatabase({ url, poolSize, applicationName }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    onConnect: setLimits,
    keepAlive: true,
    types,
  });
  // A broken connection must not end the process: the query that used it fails, the next one opens another. The pool
  // listens to idle connections only; one that breaks in use would emit an error event without a listener.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: recordingActs(preparing(pool)) }),
    log: noteQuery,
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/**
 * Not by start-up parameters, as `pg` would: PgBouncer refuses connections with those. Sent before the connection is
 * handed out; a session pooler keeps the settings as long as the connection lives.
 */
async function setLimits(client: pg.ClientBase): Promise<void> {
  await client.query(
    `set statement_timeout = ${STATEMENT_TIMEOUT_MS}; set lock_timeout = ${LOCK_TIMEOUT_MS}; ` +
      `set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
  );
}
