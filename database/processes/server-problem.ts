import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** The oldest that has everything in use: `uuidv7()`, and the built-in locale C.UTF-8. */
const OLDEST_MAJOR_VERSION = 18;
/** Short: who cannot be asked is no worse for it, and the process says soon enough that its database is away. */
const ANSWER_WITHIN_MS = 5_000;
/** A name of our own, which PostgreSQL keeps for the session like any setting. */
const MARK = 'mailroom.session';

/**
 * Why a PostgreSQL cannot be Mailroom's, in one sentence for its operator: it is too old, or stands behind a pooler that
 * gives the sessions of one client to others. Undefined when it is good, and also while it does not answer.
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
    // Being away, refusing the user: that is told where it keeps the process from working, and may end by itself.
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
  // A connection that breaks fails the query that waits for it.
  client.on('error', () => {});
  return client;
}

async function ask(client: pg.Client, expression: string): Promise<string> {
  const { rows } = await client.query<{ answer: string | null }>(`select ${expression} as answer`);
  return rows[0]?.answer ?? '';
}
