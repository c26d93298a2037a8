import pLimit from 'p-limit';
import pg from 'pg';

export interface ConnectionSource {
  readonly url: string;
  readonly applicationName: string;
}

/** Sends queries one after another on the connection. */
export type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

export interface ConnectionUse {
  /** Called with each new connection. When this fails, or the connection breaks, another one is opened. */
  readonly onConnected: (query: Query) => Promise<void>;
  /** PostgreSQL's `notify`. */
  readonly onNotice?: (notice: pg.Notification) => void;
  /** The connection of `onConnected` is gone, with everything that belonged to its session. */
  readonly onLost: () => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** PostgreSQL is usually back within seconds: pauses of 0.25 s, 0.5 s … up to this. */
const RETRY_MAX_MS = 5_000;
const RETRY_MIN_MS = 250;
/** An idle connection would not notice that the other end is gone, so it is probed this often. */
const PROBE_EVERY_MS = 10_000;
const QUERY_TIMEOUT_MS = 5_000;

/**
 * Keeps a dedicated connection with a lasting session, for what a pool cannot do: listening, and session locks.
 * Reconnects until it is closed. Does not work through a transaction pooler, such as PgBouncer in that mode.
 */
export function keepConnection({ url, applicationName }: ConnectionSource, use: ConnectionUse) {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retryMs = RETRY_MIN_MS;
  let closed = false;

  async function connect(): Promise<void> {
    const candidate = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    client = candidate;
    let isInUse = false;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      candidate.end().catch(() => {});
      if (isInUse) use.onLost();
      if (closed) return;
      timer = setTimeout(() => void connect(), retryMs);
      retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
    };
    const inTurn = pLimit(1);
    const query: Query = async (text, values) => await inTurn(async () => (await candidate.query(text, values)).rows);
    const probe = () => {
      timer = setTimeout(() => void query('select 1').then(probe, end), PROBE_EVERY_MS);
    };
    candidate.on('error', end);
    candidate.on('end', end);
    candidate.on('notification', (notice) => use.onNotice?.(notice));
    try {
      await candidate.connect();
      if (closed || isOver) return end();
      isInUse = true;
      await use.onConnected(query);
    } catch {
      return end();
    }
    if (closed || isOver) return;
    retryMs = RETRY_MIN_MS;
    probe();
  }

  void connect();
  return {
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
