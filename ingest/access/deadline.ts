/** A signal that aborts when its time is up, or with the caller's. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The time was up before the caller aborted. */
  isOver(): boolean;
  /** Ends the timer. Call it when the work is done. */
  clear(): void;
}

/**
 * Not by `AbortSignal.timeout` and `AbortSignal.any`: the timer of the former outlives every quick answer and then makes
 * an error, and the latter leaves work to the garbage collector; two of each for every mail.
 */
export function createDeadline(withinMs: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const onAbort = () => controller.abort(caller.reason);
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted;
    controller.abort();
  }, withinMs);
  if (caller.aborted) onAbort();
  else caller.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    clear() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onAbort);
    },
  };
}
