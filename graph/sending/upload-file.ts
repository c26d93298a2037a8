import { withDeadline } from '../client/deadline.ts';
import { foreignAnswer } from '../client/graph-failure.ts';
import { parseJson } from '../client/parse-json.ts';
import { shortBody } from '../client/whole-body.ts';
import type { NewFile } from './sending-operations.ts';
import { SendingRefusal, sendingRefusal } from './sending-refusal.ts';

/** A multiple of 320 KiB, as Graph advises, below the 4 MB that a request may have. */
const RANGE_BYTES = 10 * 320 * 1_024;
const RANGE_TIMEOUT_MS = 120_000;
/** Of one range: a broken connection in the middle of 150 MB should not begin all of it again. */
const ATTEMPTS = 3;

/**
 * Uploads a file in ranges to the address of an upload session, which is a secret of its own: it gets no token
 * (learn.microsoft.com/graph/api/attachment-createuploadsession). The attachment's id is in the last answer's Location;
 * undefined: not named, so it is not certain that there is one.
 */
export async function uploadFile(
  session: unknown,
  file: NewFile,
  { fetch, signal }: { readonly fetch: typeof globalThis.fetch; readonly signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const { uploadUrl } = (session ?? {}) as { uploadUrl?: unknown };
  if (typeof uploadUrl !== 'string' || !URL.canParse(uploadUrl)) {
    throw new SendingRefusal('microsoft-down', { code: 'no-upload-url' });
  }
  let location: string | undefined;
  let start = 0;
  for await (const range of inRanges(file.readParts())) {
    const end = start + range.length - 1;
    const response = await putRange({ range, contentRange: `bytes ${start}-${end}/${file.size}` });
    location = response.headers.get('location') ?? location;
    start = end + 1;
  }
  return attachmentIdOf(location);

  async function putRange({ range, contentRange }: { range: Uint8Array<ArrayBuffer>; contentRange: string }) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await withDeadline(RANGE_TIMEOUT_MS, signal, String(uploadUrl), async (inTime) => {
          const answered = await fetch(String(uploadUrl), {
            method: 'PUT',
            headers: { 'content-type': 'application/octet-stream', 'content-range': contentRange },
            body: range,
            redirect: 'error',
            signal: inTime,
          });
          return { status: answered.status, headers: answered.headers, body: parseJson(await shortBody(answered)) };
        });
        const isSuccess = response.status >= 200 && response.status < 300;
        if (isSuccess && foreignAnswer(response) === undefined) return response;
        const refusal = sendingRefusal(response);
        // A range that arrived at the attempt before is refused now: a new session takes all of them.
        if (attempt > 1 && refusal.reason === 'refused') throw new SendingRefusal('microsoft-down', refusal.trace);
        if (!refusal.isUnclear || attempt === ATTEMPTS) throw refusal;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof SendingRefusal || attempt === ATTEMPTS) throw error;
      }
    }
  }
}

async function* inRanges(parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  let gathered = Buffer.alloc(0);
  for await (const part of parts) {
    gathered = Buffer.concat([gathered, part]);
    while (gathered.length >= RANGE_BYTES) {
      yield Buffer.from(gathered.subarray(0, RANGE_BYTES));
      gathered = gathered.subarray(RANGE_BYTES);
    }
  }
  if (gathered.length > 0) yield gathered;
}

/** `…/Attachments('AAMk…')` */
function attachmentIdOf(location: string | undefined): string | undefined {
  const [, id] = /attachments\('([^']+)'\)/i.exec(location ?? '') ?? [];
  return id === undefined ? undefined : decodeURIComponent(id);
}
