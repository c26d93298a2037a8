import { Failure } from '../domain/failure.ts';

/**
 * Runs one exchange with Microsoft under a deadline and the caller's own signal. The exchange must read its answer
 * whole before it settles, otherwise a body that hangs outlives the deadline.
 *
 * Throws the caller's reason unchanged when the caller cancelled (Temporal knows its own cancellation by identity),
 * `Unavailable` (reason `network`, code `timeout`) when the time was up, and `Unavailable` (reason `network`, code as
 * `ECONNRESET`) when the connection failed. The original error is not kept: it may name hosts and paths.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  callerSignal: AbortSignal | null | undefined,
  exchange: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  callerSignal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = () => controller.abort();
  const timer = setTimeout(onAbort, timeoutMs);
  callerSignal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await exchange(controller.signal);
  } catch (error) {
    callerSignal?.throwIfAborted();
    if (error instanceof Failure) throw error;
    if (controller.signal.aborted) {
      throw new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'network', code: 'timeout' });
    }
    // `fetch` throws a TypeError for every failed connection, with what happened as its cause; one without is ours.
    if (!(error instanceof TypeError && 'cause' in error)) throw error;
    throw new Failure('Unavailable', 'The connection to Microsoft failed', {
      reason: 'network',
      code: connectionErrorCode(error),
    });
  } finally {
    clearTimeout(timer);
    callerSignal?.removeEventListener('abort', onAbort);
  }
}

function connectionErrorCode({ cause }: TypeError): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? code : undefined;
}
