import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Logger, pino } from 'pino';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** One JSON line per event. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { process: 'worker' } });
}

/** Temporal's core logs this when a workflow cannot go on here, for any reason: no other signal exists. */
const FAILING_TASK = /^Failing workflow task/;

/**
 * Routes the logs of Temporal's runtime, its core included, through our logger. Failures appear by type alone: messages
 * and stacks of foreign errors may hold what no log should. `onFailingTask` is called for every workflow task that
 * fails for the first time. Call it once, before anything else of the worker.
 */
export function installRuntime(logger: Logger, onFailingTask: () => void): void {
  Runtime.install({
    shutdownSignals: [],
    // Otherwise its core writes lines in its own format to stderr.
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      logger[levels[level]](fieldsOf(meta), message);
      if (FAILING_TASK.test(message)) onFailingTask();
    }),
  });
}

/** Fields of the runtime's messages that are safe to log. */
const told = ['sdkComponent', 'state', 'workflowType', 'workflowId', 'activityType', 'attempt'];

/** Fields logged of errors besides their type. */
const traced = ['reason', 'code', 'status', 'requestId'];

export function fieldsOf(meta: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...Object.fromEntries(told.map((name) => [name, meta[name]])), ...errorFields(meta.error) };
}

/** The error's type, and the ids by which the other side finds a refusal; a failed activity has them in its details. */
function errorFields(error: unknown): Record<string, unknown> {
  const details = error instanceof ApplicationFailure ? error.details?.[0] : error;
  const known = typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  const safe = traced.flatMap((name) => (isSafe(known[name]) ? [[name, known[name]] as const] : []));
  return { error: errorName(error), ...Object.fromEntries(safe) };
}

/** Numbers, and words that can only be codes and ids. */
function isSafe(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.-]{1,100}$/.test(value));
}

function errorName(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}
