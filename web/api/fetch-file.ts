import { parse } from 'content-disposition';
import { ProblemError } from './problem-error.ts';
import { shownAnswer } from './shown-answer.ts';

/** Longer than the API itself waits for Microsoft (half a minute), so that its own refusal arrives first. */
const SILENT_FOR_MS = 45_000;

export interface FetchedFile {
  readonly name: string;
  readonly content: Blob;
}

interface FileRequest {
  /** Receives how many bytes have come so far. */
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads a file of the API to its end. Rejects with ProblemError: its refusal; `no-answer` without a byte for 45 seconds;
 * `broken-off` where a file ends before its end. Rejects with the signal's reason when it was cancelled.
 */
export async function fetchFile(address: string, { onProgress, signal }: FileRequest): Promise<FetchedFile> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT_FOR_MS);
  };
  let isBegun = false;
  try {
    restart();
    const response = await fetch(address, { signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok) throw ProblemError.of(response.status, shownAnswer(await response.json().catch(() => undefined)));
    isBegun = true;
    let bytes = 0;
    const counted = response.body?.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          restart();
          bytes += chunk.byteLength;
          onProgress(bytes);
          controller.enqueue(chunk);
        },
      }),
    );
    return { name: nameOf(response), content: await new Response(counted).blob() };
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    signal.throwIfAborted();
    const late = silence.signal.aborted && { afterSeconds: SILENT_FOR_MS / 1_000 };
    const kind = isBegun ? 'broken-off' : late ? 'no-answer' : 'offline';
    throw new ProblemError({ status: 0, kind, ...late }, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The name that the API gave the file, which is safe on every system. */
function nameOf({ headers }: Response): string {
  return parse(headers.get('content-disposition') ?? '').parameters.filename ?? 'download';
}
