import { Failure } from '../../domain/failure.ts';
import { connectionFailure } from './connection-failure.ts';

/** Longer pauses in the middle of a file are a connection that hangs. */
const SILENCE_MS = 30_000;

/**
 * The pieces of a body as they arrive. Cancels the body when the reader stops early. Throws Unavailable when it breaks
 * off or falls silent, and the signal's reason when that was aborted.
 */
export async function* readStream(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  silenceMs = SILENCE_MS,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  let silence: NodeJS.Timeout | undefined;
  let isSilent = false;
  try {
    for (;;) {
      silence = setTimeout(() => {
        isSilent = true;
        void reader.cancel().catch(() => {});
      }, silenceMs);
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (isSilent) break;
      if (done) return;
      yield value;
    }
    throw new Failure('Unavailable', 'Microsoft stopped in the middle of a file', {
      reason: 'network',
      code: 'timeout',
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw connectionFailure(error, null) ?? brokenOff(error);
  } finally {
    clearTimeout(silence);
    await reader.cancel().catch(() => {});
  }
}

/** undici says "terminated" of a body that ends early. */
function brokenOff(cause: unknown): unknown {
  if (!(cause instanceof TypeError)) return cause;
  return new Failure('Unavailable', 'The connection to Microsoft broke', { reason: 'network', cause });
}
