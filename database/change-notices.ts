import pg from 'pg';

/** What the triggers of `0003-change-notices` name. Topics of pages, and `keys` for the API itself. */
export const changeTopics = ['accounts', 'routing', 'queues', 'items', 'users', 'settings', 'keys'] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/** Something of this topic is different now. Without an id it may be anything. */
export interface ChangeNotice {
  readonly topic: ChangeTopic;
  /** An account for `accounts`, `routing` and `items`; otherwise a queue, a user or a key. */
  readonly id?: string;
}

export interface ChangeListener {
  readonly onNotice: (notice: ChangeNotice) => void;
  /** From now on notices arrive; what changed before was not told. */
  readonly onListening: () => void;
  /** No notice arrives until `onListening`. */
  readonly onLost: () => void;
}

const CHANNEL = 'mailroom_changes';
const CONNECT_TIMEOUT_MS = 5_000;
/** PostgreSQL is usually back within seconds: 0.25 s, 0.5 s … up to this. */
const RETRY_MAX_MS = 5_000;
const RETRY_MIN_MS = 250;
/** A connection that only listens would not notice that the other end is gone: it is asked this often. */
const PROBE_EVERY_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Listens on a connection of its own, because a pool's may be given to anybody; connects again for as long as it is
 * open. Does not work through a pooler that gives connections to transactions, such as PgBouncer in that mode.
 */
export function listenToChanges(url: string, applicationName: string, listener: ChangeListener) {
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
    candidate.on('notification', ({ payload }) => {
      const notice = parseChangeNotice(payload);
      if (notice) listener.onNotice(notice);
    });
    try {
      await candidate.connect();
      await candidate.query(`listen ${CHANNEL}`);
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

/** Undefined for what this version does not know: a newer one may have told it. */
export function parseChangeNotice(payload: string | undefined): ChangeNotice | undefined {
  const [name, id] = (payload ?? '').split(':');
  const topic = changeTopics.find((known) => known === name);
  if (topic === undefined) return undefined;
  return id === undefined ? { topic } : { topic, id };
}
