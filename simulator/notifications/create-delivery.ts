import type { DatabaseSync } from 'node:sqlite';
import { Agent } from 'undici';
import type { Faults } from '../faults.ts';
import type { Limits } from '../graph/limits.ts';
import { transact } from '../transact.ts';
import { distortNotification } from './distort-notification.ts';
import { createEndpointHealth, type EndpointHealth, type EndpointState } from './endpoint-health.ts';
import type { Notification } from './notification.ts';
import type { NotificationStats } from './notification-stats.ts';
import { createUndelivered, type Item } from './undelivered.ts';

/** Posts notifications to their URLs: at least once, in no particular order. */
export interface Delivery {
  send(notification: Notification): void;
  /** Called with each subscription that lost a notification, dropped or given up. */
  onLost(listener: (subscriptionId: string) => void): void;
  /** Resumes what an earlier process could not deliver. Forgets notifications for which `isWanted` is false. */
  resume(isWanted: (subscriptionId: string) => boolean): void;
  /** `POST` for a validation request: undefined without a timely answer. */
  ask(url: string, timeoutMs: number): Promise<Answer | undefined>;
  endpoints(): { readonly host: string; readonly state: EndpointState; readonly waiting: number }[];
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Endpoint {
  readonly host: string;
  readonly health: EndpointHealth;
  /** By URL and kind: each queue is sent in separate requests. */
  readonly queues: Map<string, Item[]>;
  /** Subscriptions whose notifications were dropped since dropping began. */
  readonly dropped: Set<string>;
  waiting: number;
  inFlight: number;
  isPumping: boolean;
}

export interface DeliveryOptions {
  readonly database: DatabaseSync;
  readonly faults: Faults;
  readonly stats: NotificationStats;
  readonly limits: () => Limits;
}

/**
 * Concurrent requests to one host: enough for thousands of notifications a second, and few enough for a small server.
 */
const REQUESTS_PER_HOST = 8;
/** Keeps a request around 60 kB; Graph's own number is not documented. */
const NOTIFICATIONS_PER_REQUEST = 100;
const LONGEST_RETRY_DELAY_MS = 600_000;

export function createDelivery({ database, faults, stats, limits }: DeliveryOptions): Delivery {
  const undelivered = createUndelivered(database);
  const endpoints = new Map<string, Endpoint>();
  const timers = new Set<NodeJS.Timeout>();
  const agent = new Agent({ connections: REQUESTS_PER_HOST, pipelining: 1, keepAliveTimeout: 30_000 });
  let tellLost: (subscriptionId: string) => void = () => undefined;
  let isWanted: (subscriptionId: string) => boolean = () => true;
  let isClosed = false;

  const after = (ms: number, action: () => void): void => {
    if (isClosed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timer.unref();
    timers.add(timer);
  };

  const endpointOf = (url: string): Endpoint => {
    const { host } = new URL(url);
    let endpoint = endpoints.get(host);
    if (!endpoint) {
      const health = createEndpointHealth(limits);
      endpoint = { host, health, queues: new Map(), dropped: new Set(), waiting: 0, inFlight: 0, isPumping: false };
      endpoints.set(host, endpoint);
    }
    return endpoint;
  };

  const enqueue = (endpoint: Endpoint, item: Item, isShuffled = false): void => {
    if (isClosed) return;
    const key = `${item.isLifecycle} ${item.url}`;
    const queue = endpoint.queues.get(key);
    if (!queue) endpoint.queues.set(key, [item]);
    else if (isShuffled) queue.splice(Math.floor(Math.random() * (queue.length + 1)), 0, item);
    else queue.push(item);
    endpoint.waiting += 1;
    pumpSoon(endpoint);
  };

  /** Runs once for everything that is due now, so that it is batched. */
  const pumpSoon = (endpoint: Endpoint): void => {
    if (endpoint.isPumping) return;
    endpoint.isPumping = true;
    setImmediate(() => {
      endpoint.isPumping = false;
      pump(endpoint);
    });
  };

  const pump = (endpoint: Endpoint): void => {
    while (!isClosed && endpoint.inFlight < REQUESTS_PER_HOST) {
      const [next] = endpoint.queues;
      if (!next) return;
      const [key, queue] = next;
      const batch = queue.splice(0, NOTIFICATIONS_PER_REQUEST);
      // Round robin: the host's other queues come before the rest of this one.
      endpoint.queues.delete(key);
      if (queue.length > 0) endpoint.queues.set(key, queue);
      endpoint.waiting -= batch.length;
      endpoint.inFlight += 1;
      post(endpoint, batch).finally(() => {
        endpoint.inFlight -= 1;
        pump(endpoint);
      });
    }
  };

  const post = async (endpoint: Endpoint, batch: readonly Item[]): Promise<void> => {
    const { slowAnswerMs } = limits();
    stats.countRequest(batch.length);
    const startedAt = performance.now();
    const body = `{"value":[${batch.map((item) => item.json).join(',')}]}`;
    const answer = await request(batch[0]?.url ?? '', 'application/json; charset=utf-8', body, slowAnswerMs);
    if (isClosed) return;
    const answeredAfterMs = performance.now() - startedAt;
    const now = Date.now();
    stats.countAnswer(answeredAfterMs);
    // A timer may fire a fraction of a millisecond early; such an answer still counts as late.
    endpoint.health.countAnswer(answer === 'late' || answeredAfterMs >= slowAnswerMs, now);
    if (typeof answer === 'object' && answer.status >= 200 && answer.status < 300) {
      if (batch.some((item) => item.row !== undefined)) transact(database, () => undelivered.forget(batch));
      for (const item of batch) stats.countAcknowledged(now - item.happenedAt);
    } else {
      stats.countFailed(batch.length);
      retry(endpoint, batch, now);
    }
  };

  /** `late`: no timely answer. Undefined: no connection. */
  const request = async (
    url: string,
    contentType: string,
    body: string,
    timeoutMs: number,
  ): Promise<Answer | 'late' | undefined> => {
    // Instead of AbortSignal.timeout, whose timer would outlive every quick answer by ten seconds.
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), timeoutMs).unref();
    try {
      const { origin, pathname, search } = new URL(url);
      const answer = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
        signal: giveUp.signal,
      });
      return {
        status: answer.statusCode,
        contentType: String(answer.headers['content-type'] ?? ''),
        body: await answer.body.text(),
      };
    } catch {
      return giveUp.signal.aborted ? 'late' : undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  const retry = (endpoint: Endpoint, batch: readonly Item[], now: number): void => {
    const { retryFirstMs, retryForSeconds } = limits();
    transact(database, () => {
      const kept = undelivered.keep(batch, now);
      const isOver = (item: Item): boolean => now - item.failedAt >= retryForSeconds * 1_000;
      loseForGood(kept.filter(isOver));
      for (const item of kept.filter((each) => !isOver(each))) {
        const delayMs = Math.min(retryFirstMs * 2 ** (item.failures - 1), LONGEST_RETRY_DELAY_MS);
        after(delayMs, () => sendAgain(endpoint, item));
      }
    });
  };

  const sendAgain = (endpoint: Endpoint, item: Item): void => {
    // The last event of a removed subscription must arrive; its other notifications are obsolete.
    if (item.isLifecycle || isWanted(item.subscriptionId)) enqueue(endpoint, item);
    else undelivered.forget([item]);
  };

  const loseForGood = (items: readonly Item[]): void => {
    undelivered.forget(items);
    stats.countLost(items.length);
    // A lost lifecycle event does not cause another one, which would not arrive either.
    for (const id of new Set(items.filter((item) => !item.isLifecycle).map((item) => item.subscriptionId)))
      tellLost(id);
  };

  const drop = (endpoint: Endpoint, notification: Notification, now: number): void => {
    stats.countLost(1);
    if (endpoint.dropped.size === 0) {
      after((endpoint.health.droppingUntil() ?? now) - now, () => {
        const ids = [...endpoint.dropped];
        endpoint.dropped.clear();
        for (const id of ids) tellLost(id);
      });
    }
    endpoint.dropped.add(notification.subscriptionId);
  };

  return {
    send(notification) {
      const { copies, delayMs, isShuffled } = distortNotification(faults, notification);
      if (copies === 0) stats.countLost(1);
      const endpoint = endpointOf(notification.url);
      const now = Date.now();
      const state = notification.isLifecycle ? 'healthy' : endpoint.health.state(now);
      if (state === 'dropping') return drop(endpoint, notification, now);
      const waitMs = delayMs + (state === 'slow' ? limits().slowDelayMs : 0);
      const item: Item = { ...notification, failures: 0, failedAt: 0, row: undefined };
      for (let copy = 0; copy < copies; copy += 1) {
        if (waitMs === 0) enqueue(endpoint, item, isShuffled);
        else after(waitMs, () => enqueue(endpoint, item, isShuffled));
      }
    },

    onLost(listener) {
      tellLost = listener;
    },

    resume(wanted) {
      isWanted = wanted;
      for (const item of undelivered.list()) sendAgain(endpointOf(item.url), item);
    },

    async ask(url, timeoutMs) {
      const answer = await request(url, 'text/plain; charset=utf-8', '', timeoutMs);
      return answer === 'late' ? undefined : answer;
    },

    endpoints: () =>
      [...endpoints.values()].map(({ host, health, waiting }) => ({ host, state: health.state(Date.now()), waiting })),

    async close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await agent.destroy();
    },
  };
}
