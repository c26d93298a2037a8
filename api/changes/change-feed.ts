import { CHANGES_CHANNEL, type ChangeTopic, parseChangeNotice } from '../../database/change-notices.ts';
import { listenToNotices } from '../../database/notices.ts';
import { Failure } from '../../domain/failure.ts';

/** What changed within one interval: ids by topic; `all` where any object of the topic may have changed. */
export type ChangeBatch = ReadonlyMap<ChangeTopic, ReadonlySet<string> | 'all'>;

export interface ChangeSubscriber {
  readonly onChanges: (batch: ChangeBatch) => void;
  /** The subscription has ended: no more changes are delivered. */
  readonly onLost: () => void;
}

/** Changes made by any Mailroom process, for the streams of this one. */
export interface ChangeFeed {
  /**
   * Returns a function that ends the subscription. Rejects with Unavailable when PostgreSQL does not answer in time.
   */
  subscribe(subscriber: ChangeSubscriber): Promise<() => void>;
  close(): Promise<void>;
}

/** Too short for people to notice; a burst of notices becomes one event. */
const GATHER_MS = 100;
/** With more ids than this, a client re-reads everything anyway. */
const MOST_IDS = 50;
const LISTENING_WITHIN_MS = 3_000;

/** Connects at the first subscription and stays connected until it is closed. */
export function createChangeFeed(databaseUrl: string, applicationName: string): ChangeFeed {
  const subscribers = new Set<ChangeSubscriber>();
  const waiting = new Set<() => void>();
  let connection: ReturnType<typeof listenToNotices> | undefined;
  let isListening = false;
  let batch = new Map<ChangeTopic, Set<string> | 'all'>();
  let timer: NodeJS.Timeout | undefined;

  function gather(payload: string): void {
    const notice = parseChangeNotice(payload);
    if (notice === undefined || subscribers.size === 0) return;
    const { topic, id } = notice;
    const before = batch.get(topic) ?? new Set();
    if (before === 'all' || id === undefined || before.size >= MOST_IDS) batch.set(topic, 'all');
    else batch.set(topic, before.add(id));
    timer ??= setTimeout(tell, GATHER_MS);
  }

  function tell(): void {
    timer = undefined;
    const told = batch;
    batch = new Map();
    for (const { onChanges } of [...subscribers]) onChanges(told);
  }

  function lose(): void {
    isListening = false;
    for (const subscriber of [...subscribers]) {
      subscribers.delete(subscriber);
      subscriber.onLost();
    }
  }

  async function untilListening(): Promise<void> {
    const source = { url: databaseUrl, applicationName, channel: CHANGES_CHANNEL };
    connection ??= listenToNotices(source, {
      onNotice: gather,
      onListening() {
        isListening = true;
        for (const resolve of waiting) resolve();
        waiting.clear();
      },
      onLost: lose,
    });
    if (isListening) return;
    await new Promise<void>((resolve, reject) => {
      const wait = () => {
        clearTimeout(deadline);
        resolve();
      };
      const deadline = setTimeout(() => {
        waiting.delete(wait);
        reject(new Failure('Unavailable', 'PostgreSQL does not answer', { reason: 'database-down' }));
      }, LISTENING_WITHIN_MS);
      waiting.add(wait);
    });
  }

  return {
    async subscribe(subscriber) {
      await untilListening();
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    async close() {
      clearTimeout(timer);
      lose();
      await connection?.close();
    },
  };
}
