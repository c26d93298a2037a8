import { Failure } from '../../domain/failure.ts';
import { connectionFailure } from './connection-failure.ts';

/**
 * Runs one exchange with Microsoft under a deadline and the caller's own signal. The exchange must read its whole
 * answer before it settles, otherwise a hanging body outlives the deadline.
 *
 * Throws the caller's reason unchanged when the caller cancelled (Temporal knows its own cancellation by identity),
 * `Unavailable` (reason `network`, code `timeout`) when the time was up, and `Unavailable` (reason `network` or a more
 * exact one, code such as `ECONNRESET`) when the connection to `target` failed.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  callerSignal: AbortSignal | null | undefined,
  target: string,
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
    throw connectionFailure(error, URL.parse(target)) ?? error;
  } finally {
    clearTimeout(timer);
    callerSignal?.removeEventListener('abort', onAbort);
  }
}
