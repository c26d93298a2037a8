import { readableHeaders } from './decode-headers.ts';
import { decodeTextPart } from './decode-text-part.ts';

/** Part headers beyond this size are ignored. */
const LARGEST_PART_HEADER = 64 * 1024;

/**
 * Adapts parts, by their headers and the charsets of their texts, so that the MIME library reads the mail as Exchange
 * does. Exchange shows a named text part after the body as an attachment, whether it says `inline` or nothing. The
 * library adds it to the body, unless it says `attachment`, which is therefore written into it.
 */
export function prepareParts(mime: Buffer): Buffer {
  const boundaries = new Map<string, string>();
  const topEnd = blankLine(mime, 0, mime.length);
  const top = mime.subarray(0, topEnd).toString('latin1');
  learnBoundary(boundaries, top);
  if (boundaries.size === 0) return prepareWhole(mime, top);
  const kept: Buffer[] = [];
  let copiedTo = 0;
  let hasBody = false;
  for (let at = mime.indexOf('\n--', topEnd - 1), next = 0; at >= 0; at = mime.indexOf('\n--', next)) {
    next = at + 3;
    const lineEnd = mime.indexOf('\n', at + 3);
    if (lineEnd < 0) break;
    const parent = boundaries.get(
      mime
        .subarray(at + 3, Math.min(lineEnd, at + 200))
        .toString('latin1')
        .trimEnd(),
    );
    if (parent === undefined) continue;
    const headEnd = blankLine(mime, lineEnd, LARGEST_PART_HEADER);
    const written = mime.subarray(lineEnd + 1, headEnd);
    const readable = readableHeaders(written);
    const head = readable.toString('latin1');
    next = headEnd - 1;
    learnBoundary(boundaries, head);
    const isText = isInlineText(head);
    const isAttachment = isText && hasBody && parent !== 'alternative' && isNamed(head);
    hasBody ||= isText;
    if (isText && !isAttachment) {
      const bodyAt = mime.indexOf('\n', headEnd) + 1;
      const bodyEnd = partEnd(mime, bodyAt - 1, boundaries);
      const decoded = bodyAt > 0 && decodeTextPart(head, mime.subarray(bodyAt, bodyEnd).toString('latin1'));
      if (decoded) {
        kept.push(mime.subarray(copiedTo, lineEnd + 1), Buffer.from(`${decoded.head}\r\n${decoded.body}`, 'latin1'));
        copiedTo = bodyEnd;
        continue;
      }
    }
    if (!isAttachment && readable === written) continue;
    kept.push(
      mime.subarray(copiedTo, lineEnd + 1),
      isAttachment ? Buffer.from(asAttachment(head), 'latin1') : readable,
    );
    copiedTo = headEnd;
  }
  return kept.length === 0 ? mime : Buffer.concat([...kept, mime.subarray(copiedTo)]);
}

/** A mail that is a single text. */
function prepareWhole(mime: Buffer, head: string): Buffer {
  const bodyAt = mime.indexOf('\n', head.length) + 1;
  const decoded = bodyAt > 0 && isInlineText(head) && decodeTextPart(head, mime.subarray(bodyAt).toString('latin1'));
  return decoded ? Buffer.from(`${decoded.head}\r\n${decoded.body}`, 'latin1') : mime;
}

/** Start of the next line that separates parts, or the end of the mail. */
function partEnd(mime: Buffer, from: number, boundaries: ReadonlyMap<string, string>): number {
  for (let at = mime.indexOf('\n--', from); at >= 0; at = mime.indexOf('\n--', at + 3)) {
    const lineEnd = mime.indexOf('\n', at + 3);
    const line = mime.subarray(at + 3, Math.min(lineEnd < 0 ? mime.length : lineEnd, at + 200));
    const name = line.toString('latin1').trimEnd();
    if (boundaries.has(name) || (name.endsWith('--') && boundaries.has(name.slice(0, -2)))) return at + 1;
  }
  return mime.length;
}

/** Start of the empty line that ends a header block, within the given number of bytes. */
function blankLine(mime: Buffer, from: number, most: number): number {
  const block = mime.subarray(from, from + most);
  const ends = ['\n\r\n', '\n\n'].map((ending) => block.indexOf(ending)).filter((at) => at >= 0);
  return from + (ends.length > 0 ? Math.min(...ends) + 1 : block.length);
}

function learnBoundary(boundaries: Map<string, string>, head: string): void {
  const [, subtype = '', parameters = ''] =
    /^content-type:\s*multipart\/([\w-]+)((?:.*\r?\n[ \t])*.*)/im.exec(head) ?? [];
  const boundary = /boundary\s*=\s*(?:"([^"\r\n]+)"|([^\s;"]+))/i.exec(parameters);
  if (boundary) boundaries.set((boundary[1] ?? boundary[2] ?? '').trimEnd(), subtype.toLowerCase());
}

function isInlineText(head: string): boolean {
  const type = /^content-type:\s*([\w/+.-]+)/im.exec(head)?.[1] ?? 'text/plain';
  const disposition = /^content-disposition:\s*([\w-]+)/im.exec(head)?.[1] ?? 'inline';
  return /^text\/(?:plain|html)$/i.test(type) && disposition.toLowerCase() === 'inline';
}

function isNamed(head: string): boolean {
  return /[;\s](?:file)?name(?:\*\d*\*?)?\s*=/i.test(head);
}

function asAttachment(head: string): string {
  const disposition = /^(content-disposition:\s*)inline/im;
  return disposition.test(head)
    ? head.replace(disposition, '$1attachment')
    : `Content-Disposition: attachment\r\n${head}`;
}
