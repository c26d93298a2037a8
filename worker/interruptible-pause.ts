/** Pauses of a loop that another caller may cut short, even before they begin. */
export interface InterruptiblePause {
  /** Waits for `ms`. An interruption shortens that to `leastMs` at least. */
  wait(ms: number, leastMs: number): Promise<void>;
  interrupt(): void;
  /** Ends the current pause and all later ones at once. */
  end(): void;
}

/**
 * Not by abort signals: a loop that every mail interrupts would make and combine some of them for each, and an error for
 * each pause that was cut short.
 */
export function createInterruptiblePause(): InterruptiblePause {
  let isEnded = false;
  let isInterrupted = false;
  let onChange = () => {};

  const pause = (ms: number, isOver: () => boolean) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      onChange = () => {
        if (!isOver()) return;
        clearTimeout(timer);
        resolve();
      };
      onChange();
    });

  return {
    async wait(ms, leastMs) {
      await pause(Math.min(ms, leastMs), () => isEnded);
      await pause(Math.max(0, ms - leastMs), () => isEnded || isInterrupted);
      isInterrupted = false;
    },
    interrupt() {
      isInterrupted = true;
      onChange();
    },
    end() {
      isEnded = true;
      onChange();
    },
  };
}
