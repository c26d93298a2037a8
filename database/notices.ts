import pg from 'pg';

export interface NoticeListener {
  /** PostgreSQL's `notify`: with its payload, which may be empty. */
  readonly onNotice: (payload: string) => void;
  /** From now on notices arrive; what was told before is missing. */
  readonly onListening: () => void;
  /** No notice arrives until `onListening`. */
  readonly onLost: () => void;
}

export interface NoticeSource {
  readonly url: string;
  readonly applicationName: string;
  /** A name without characters that SQL would have to quote. */
  readonly channel: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** PostgreSQL is usually back within seconds: 0.25 s, 0.5 s … up to this. */
const RETRY_MAX_MS = 5_000;
const RETRY_MIN_MS = 250;
/** A connection that only listens would not notice that the other end is gone: it is asked this often. */
const PROBE_EVERY_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Listens to a channel on a connection of its own, because a pool's may be given to anybody; connects again for as long
 * as it is open. Does not work through a pooler that gives connections to transactions, such as PgBouncer in that mode.
 */
export function listenToNotices({ url, applicationName, channel }: NoticeSource, listener: NoticeListener) {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retryMs = RETRY_MIN_MS;
  let closed = false;

  async function connect(): Promise<void> {
    const candidate = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
    });
    client = candidate;
    let isListening = false;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      candidate.end().catch(() => {});
      if (isListening) listener.onLost();
      if (closed) return;
      timer = setTimeout(() => void connect(), retryMs);
      retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
    };
    const probe = () => {
      timer = setTimeout(() => void candidate.query('select 1').then(probe, end), PROBE_EVERY_MS);
    };
    candidate.on('error', end);
    candidate.on('end', end);
    candidate.on('notification', ({ payload }) => listener.onNotice(payload ?? ''));
    try {
      await candidate.connect();
      await candidate.query(`listen ${channel}`);
    } catch {
      return end();
    }
    if (closed || isOver) return;
    isListening = true;
    retryMs = RETRY_MIN_MS;
    listener.onListening();
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
