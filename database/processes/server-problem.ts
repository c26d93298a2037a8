import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** The oldest version with everything in use: `uuidv7()`, and the built-in locale C.UTF-8. */
const OLDEST_MAJOR_VERSION = 18;
/** Short: the check passes when the server does not answer, and the process soon reports that its database is away. */
const ANSWER_WITHIN_MS = 5_000;
/** A setting of our own, which PostgreSQL keeps for the session like any other. */
const MARK = 'mailroom.session';

/**
 * Why a PostgreSQL server cannot be Mailroom's, in one sentence for its operator: it is too old, or behind a pooler
 * that shares sessions between its clients. Undefined when it is suitable, and also while it does not answer.
 */
export async function findServerProblem(url: string): Promise<string | undefined> {
  const [first, second] = [connectTo(url), connectTo(url)];
  try {
    await first.connect();
    const version = await ask(first, `current_setting('server_version')`);
    if (Number.parseInt(version, 10) < OLDEST_MAJOR_VERSION) {
      return `DATABASE_URL leads to PostgreSQL ${version}: Mailroom needs PostgreSQL ${OLDEST_MAJOR_VERSION} or newer.`;
    }
    const mark = randomUUID();
    await ask(first, `set_config('${MARK}', '${mark}', false)`);
    await second.connect();
    const seen = await ask(second, `current_setting('${MARK}', true)`);
    const kept = await ask(first, `current_setting('${MARK}', true)`);
    if (seen !== mark && kept === mark) return undefined;
    await ask(first, `set_config('${MARK}', '', false)`);
    return (
      'DATABASE_URL leads to a pooler that shares sessions between its clients: Mailroom listens to notices and sets its ' +
      'own limits, and needs whole sessions. Set pool_mode = session for this database, or name PostgreSQL itself.'
    );
  } catch {
    // An unreachable server or a refused user is reported where it keeps the process from working, and may be
    // transient.
    return undefined;
  } finally {
    await Promise.all([first, second].map((client) => client.end().catch(() => {})));
  }
}

function connectTo(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'mailroom-check',
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  // A broken connection fails the query that waits for it.
  client.on('error', () => {});
  return client;
}

async function ask(client: pg.Client, expression: string): Promise<string> {
  const { rows } = await client.query<{ answer: string | null }>(`select ${expression} as answer`);
  return rows[0]?.answer ?? '';
}
