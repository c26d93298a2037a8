import type { Schemas } from '../api/client.ts';
import { ProblemError } from '../api/problem-error.ts';

export type AnswerAttachment = Schemas['AnswerAttachment'];

/** Without a byte taken or an answer for so long, in milliseconds, the upload has failed: the person can try it again. */
const SILENT_FOR_MS = 60_000;

interface UploadOptions {
  readonly name: string;
  /** True: a picture in the text. */
  readonly isInline: boolean;
  /** How much has been sent, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends a file to a draft, with its progress, which `fetch` does not report. Rejects with ProblemError, and with an
 * AbortError when it was cancelled.
 */
export async function uploadFile(
  draftId: string,
  file: File,
  { name, isInline, onProgress, signal }: UploadOptions,
): Promise<AnswerAttachment> {
  signal.throwIfAborted();
  const query = new URLSearchParams({ name, ...(isInline && { inline: 'true' }) });
  const request = new XMLHttpRequest();
  request.open('POST', `/api/v1/drafts/${draftId}/attachments?${query}`);
  request.responseType = 'json';
  request.setRequestHeader('accept', 'application/json');
  // Also for types that the browser does not know: without one it would send text.
  request.setRequestHeader('content-type', file.type || 'application/octet-stream');
  return await new Promise<AnswerAttachment>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const restart = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        request.abort();
        reject(new ProblemError({ status: 0, kind: 'no-answer', afterSeconds: SILENT_FOR_MS / 1_000 }));
      }, SILENT_FOR_MS);
    };
    restart();
    request.addEventListener('loadend', () => clearTimeout(timer));
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      restart();
      onProgress(total > 0 ? loaded / total : 0);
    });
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    request.addEventListener('error', () => reject(new ProblemError({ status: 0, kind: 'offline' })));
    request.addEventListener('load', () => {
      const { status, response } = request;
      if (status === 201) resolve(response as AnswerAttachment);
      else reject(ProblemError.of(status, response));
    });
    // A blob of no bytes would be sent without its type.
    request.send(file);
  });
}
