/** Aborts once: on SIGINT, on SIGTERM, or when the parent process is gone. A second signal ends the process at once. */
export function untilAskedToStop(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('disconnect', stop);
    // An open channel would keep the process alive.
    if (process.connected) process.disconnect();
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop);
  // The parent ended while this process was loading, before the listener was set.
  if (process.connected === false) stop();
  return controller.signal;
}
