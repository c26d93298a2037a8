/** When a script that runs services should end. */
export interface StopRequest {
  /** Resolves on Ctrl-C or a signal; rejects when the script gives up. */
  readonly untilAsked: Promise<undefined>;
  readonly fail: (reason: Error) => void;
}

const PARENT_CHECK_MS = 500;

/**
 * Listens for the signals that ask a process to end. All after the first are ignored: npm passes on a Ctrl-C that the
 * terminal has already sent to us, and a running shutdown has a time limit. Under npm, the end of the parent counts,
 * too: npm passes SIGTERM to the shell that runs its scripts, which ends without passing it on.
 */
export function untilStopRequest(): StopRequest {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined));
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && resolve(undefined), PARENT_CHECK_MS).unref();
  }
  // The promise may reject before it is awaited.
  promise.catch(() => {});
  return { untilAsked: promise, fail: reject };
}
