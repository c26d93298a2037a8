import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Logger, pino } from 'pino';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** One JSON line for each event. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { process: 'worker' } });
}

/** How Temporal's core says that a workflow cannot go on here, whatever the reason: nothing else tells of it. */
const FAILING_TASK = /^Failing workflow task/;

/**
 * Lets Temporal's runtime, its core included, write through our logger. Failures appear by type alone: messages and stacks of foreign
 * errors may hold what no log should. `onFailingTask` hears of every task of a workflow that fails for the first time. To be
 * called once, before anything else of the worker.
 */
export function installRuntime(logger: Logger, onFailingTask: () => void): void {
  Runtime.install({
    shutdownSignals: [],
    // Otherwise its core writes lines of its own form to stderr.
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      logger[levels[level]](fieldsOf(meta), message);
      if (FAILING_TASK.test(message)) onFailingTask();
    }),
  });
}

/** What is safe to log of what the runtime tells with its messages. */
const told = ['sdkComponent', 'state', 'workflowType', 'workflowId', 'activityType', 'attempt'];

/** What is told of errors besides their type. */
const traced = ['reason', 'code', 'status', 'requestId'];

export function fieldsOf(meta: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...Object.fromEntries(told.map((name) => [name, meta[name]])), ...errorFields(meta.error) };
}

/** Its type, and by what the other side finds a refusal again; of a failure of an activity that is in its details. */
function errorFields(error: unknown): Record<string, unknown> {
  const details = error instanceof ApplicationFailure ? error.details?.[0] : error;
  const known = typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  const safe = traced.flatMap((name) => (isSafe(known[name]) ? [[name, known[name]] as const] : []));
  return { error: errorName(error), ...Object.fromEntries(safe) };
}

/** Numbers, and words that can be nothing but codes and ids. */
function isSafe(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.-]{1,100}$/.test(value));
}

function errorName(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}
