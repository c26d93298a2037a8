export interface Patience {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Repeats `expectation` until it no longer throws, and returns what it returns. After `timeoutMs` it rejects with the
 * last error. This is how tests wait: never for a time, always for something that becomes true.
 */
export async function eventually<T>(
  expectation: () => T | Promise<T>,
  { timeoutMs = 5_000, intervalMs = 25 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
