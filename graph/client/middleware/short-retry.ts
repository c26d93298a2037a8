import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { isFailure } from '../../../domain/failure.ts';
import { parseRetryAfter } from '../retry-after.ts';
import { ANSWER_TOO_LARGE } from '../whole-body.ts';
import { createMiddleware } from './create-middleware.ts';

export interface ShortRetryOptions {
  /** Number of repetitions of a request. */
  readonly retries: number;
  /** Upper limit of the first delay; it doubles each time, and the actual delay is random below it. */
  readonly firstDelayMs: number;
  /** The longest delay. A longer Retry-After is not waited for here. */
  readonly maxDelayMs: number;
}

/**
 * Three retries within some seconds survive a dropped connection or a gateway that restarts. A longer outage becomes a
 * failure with `retryAfterMs`: the workflow waits, and this slot serves another mailbox.
 */
export const DEFAULT_SHORT_RETRY: ShortRetryOptions = { retries: 3, firstDelayMs: 300, maxDelayMs: 3_000 };

/** Request option: fewer repetitions than the default. */
export const RETRIES_OPTION = 'mailroomRetries';

/**
 * Requests that took longer are not repeated. A gateway that gives up on a page after a minute does so again, and a
 * smaller page helps more than the same one.
 */
const REPEATED_WITHIN_MS = 15_000;

/** A deadline exceeds every delay here, and an answer that is too large stays too large. */
const unrepeated: ReadonlySet<string | undefined> = new Set(['timeout', ANSWER_TOO_LARGE]);
const RETRIED_STATUSES = new Set([500, 502, 503, 504]);

/**
 * Repeats only GET requests, after a broken connection and after 500, 502, 503 and 504. Never 429: early retries count
 * against the limit. Never a timeout: the deadline is already longer than any delay here.
 */
export function shortRetry({ retries, firstDelayMs, maxDelayMs }: ShortRetryOptions): Middleware {
  return createMiddleware(async (context, next) => {
    const allowed = Math.min(retries, retriesOf(context) ?? retries);
    const startedAt = Date.now();
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt >= allowed || context.options?.method !== 'GET';
      const failure = await outcome(next);
      const delayMs = jittered(Math.min(firstDelayMs * 2 ** attempt, maxDelayMs));
      const isTooLate = Date.now() - startedAt > REPEATED_WITHIN_MS;
      if (failure !== undefined) {
        const isFinal = !isFailure(failure, 'Unavailable') || unrepeated.has(failure.code);
        if (isLast || isTooLate || isFinal) throw failure;
        await pause(delayMs, context);
      } else {
        if (isLast || isTooLate || !context.response || !RETRIED_STATUSES.has(context.response.status)) return;
        const retryAfterMs = parseRetryAfter(context.response.headers.get('retry-after'), Date.now());
        if (retryAfterMs !== undefined && retryAfterMs > maxDelayMs) return;
        await pause(Math.max(delayMs, retryAfterMs ?? 0), context);
      }
    }
  });
}

function retriesOf({ options }: Context): number | undefined {
  const asked: unknown = (options as Readonly<Record<string, unknown>> | undefined)?.[RETRIES_OPTION];
  return typeof asked === 'number' ? asked : undefined;
}

async function outcome(next: () => Promise<void>): Promise<unknown> {
  try {
    await next();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function pause(delayMs: number, context: Context): Promise<void> {
  const signal = context.options?.signal ?? undefined;
  try {
    await sleep(delayMs, undefined, { ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted(); // the caller's own reason, not the timer's AbortError
    throw error;
  }
}

/** Between half and all of the delay, so that mailboxes that failed together do not retry together. */
function jittered(delayMs: number): number {
  return delayMs * (0.5 + Math.random() / 2);
}
