/** When a script that runs services is to end. */
export interface StopRequest {
  /** Resolves when somebody asks, by Ctrl-C or a signal; rejects when the script gives up by itself. */
  readonly untilAsked: Promise<undefined>;
  readonly fail: (reason: Error) => void;
}

const PARENT_CHECK_MS = 500;

/**
 * Listens for the signals that ask a process to end. All after the first are ignored: npm passes on a Ctrl-C that the
 * terminal has sent to us already, and an ending that is under way is limited in time. Under npm, the end of the parent counts too: npm
 * passes SIGTERM to the shell that it runs scripts with, which ends and tells nobody.
 */
export function untilStopRequest(): StopRequest {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(undefined));
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) {
    setInterval(() => process.ppid !== parent && resolve(undefined), PARENT_CHECK_MS).unref();
  }
  // Nobody may be waiting yet.
  promise.catch(() => {});
  return { untilAsked: promise, fail: reject };
}
