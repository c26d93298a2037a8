import { Failure } from '../../domain/failure.ts';

/** Not repeated: the same request would get the same answer. */
export const ANSWER_TOO_LARGE = 'answer-too-large';

/** The bytes of an answer, unpacked. Throws Unavailable (code `answer-too-large`) as soon as there are more. */
export async function wholeBody(response: Response, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new Failure('Unavailable', 'Microsoft answered with more than fits into memory', {
        reason: 'service-down',
        code: ANSWER_TOO_LARGE,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** Bytes. Answers without mail, such as tokens and the progress of an upload, have a few thousand. */
const MOST_SHORT_BYTES = 1_024 * 1_024;

/** The text of an answer that holds no mail. */
export async function shortBody(response: Response): Promise<string> {
  return new TextDecoder().decode(await wholeBody(response, MOST_SHORT_BYTES));
}
