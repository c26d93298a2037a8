import PostalMime, { type Email } from 'postal-mime';
import { decodedText } from './decoded-text.ts';
import { createReadableHeader } from './readable-header.ts';
import { unflowed } from './unflowed.ts';

/** Outlook writes a dozen levels. What is deeper is shown as the text that it is. */
const MOST_NESTING = 100;
/** Headers beyond these are left out: real ones total ten thousand. */
const MOST_HEADER_BYTES = 1024 * 1024;
/** Bytes in which the charset of a text or of a page is looked for. */
const MOST_BYTES_BEFORE_CHARSET = 64 * 1024;
/** RFC 2046 */
const LONGEST_BOUNDARY = 70;

/** A part of a mail, as postal-mime keeps it. */
interface Part {
  readonly state: 'header' | 'body' | 'finished';
  readonly depth: number;
  readonly content: ArrayBuffer | null;
  readonly childNodes: readonly Part[];
  readonly contentType: {
    multipart: string | false;
    parsed: { value: string; params: Readonly<Record<string, string>> };
  };
  getTextContent(): string;
}

/**
 * What postal-mime's types leave out. It has no option for what is done here; its version is pinned, and the tests of
 * hard mail fail where one of these members is no longer what it was.
 */
interface Parser {
  readonly currentNode: Part;
  readonly boundaries: { readonly value: Uint8Array; readonly node: Part }[];
  readonly headerSize: number;
  processLine(line: Uint8Array, isFinal: boolean): Promise<void>;
  collectNode(part: Part, alternative: Part | false, isRelated: boolean): Promise<void>;
}

/**
 * Parses a mail. Attached messages stay closed: each is opened when it is asked for. Reads what mail programs read
 * although it is wrong: charsets by other names and none, 8-bit headers, parts without a boundary, lines that end in CR.
 */
export async function parseMime(bytes: Uint8Array): Promise<Email> {
  const postalMime = new PostalMime({
    forceRfc822Attachments: true,
    maxNestingDepth: MOST_NESTING,
    maxHeadersSize: MOST_HEADER_BYTES,
  });
  readTolerantly(postalMime as unknown as Parser, declaredCharset(bytes));
  return await postalMime.parse(withLineFeeds(bytes));
}

function readTolerantly(parser: Parser, declared: string): void {
  const readableHeader = createReadableHeader(declared);
  const [processLine, collectNode] = [parser.processLine.bind(parser), parser.collectNode.bind(parser)];

  parser.processLine = (line, isFinal) => {
    const { currentNode: part, boundaries } = parser;
    if ((boundaries.at(-1)?.node.depth ?? 0) >= MOST_NESTING) boundaries.pop();
    if (part.state !== 'header') {
      const boundary = lacksBoundary(part) ? boundaryOf(line) : undefined;
      if (boundary && boundaries.every(({ node }) => node !== part)) boundaries.push({ value: boundary, node: part });
      return processLine(line, isFinal);
    }
    const readable = readableHeader(line);
    if (parser.headerSize + readable.length <= MOST_HEADER_BYTES) return processLine(readable, isFinal);
    return isFinal ? processLine(new Uint8Array(), isFinal) : Promise.resolve();
  };

  parser.collectNode = (part, alternative, isRelated) => {
    const { contentType } = part;
    if (contentType.multipart && part.childNodes.length === 0) {
      contentType.multipart = false;
      contentType.parsed = { value: 'text/plain', params: {} };
    }
    part.getTextContent = () => textOf(part);
    return collectNode(part, alternative, isRelated);
  };
}

function textOf({ content, contentType }: Part): string {
  const { value, params } = contentType.parsed;
  const bytes = new Uint8Array(content ?? new ArrayBuffer());
  const { charset = '', format = '', delsp = '' } = params;
  const isSaid = charset !== '' && !/ascii/i.test(charset);
  const text = decodedText(bytes, isSaid || value !== 'text/html' ? charset : charsetOfPage(bytes));
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\0', '\ufffd');
  return /^flowed$/i.test(format) ? unflowed(lines, /^yes$/i.test(delsp)) : lines;
}

/** Of a page that says it itself. What can be read so far is no UTF-16. */
function charsetOfPage(bytes: Uint8Array): string {
  const beginning = Buffer.from(bytes.subarray(0, MOST_BYTES_BEFORE_CHARSET)).toString('latin1');
  const charset = /<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?([\w.:-]+)/i.exec(beginning)?.[1] ?? '';
  return /^utf-?16/i.test(charset) ? '' : charset;
}

/** The first charset that the mail names, which its headers have too. */
function declaredCharset(bytes: Uint8Array): string {
  const beginning = Buffer.from(bytes.subarray(0, MOST_BYTES_BEFORE_CHARSET)).toString('latin1');
  return /^content-type:[^\n]*(?:\n[ \t][^\n]*)*?\bcharset\s*=\s*"?([\w.:-]+)/im.exec(beginning)?.[1] ?? '';
}

function lacksBoundary({ contentType: { multipart, parsed } }: Part): boolean {
  return multipart !== false && !parsed.params.boundary;
}

/** As programs write them: without blanks, and not only dashes. */
function boundaryOf(line: Uint8Array): Uint8Array | undefined {
  if (line.length > LONGEST_BOUNDARY + 4) return undefined;
  const name = /^--(-*[^\s-]\S*?)[ \t]*$/.exec(Buffer.from(line).toString('latin1'))?.[1];
  return name === undefined || name.endsWith('--') ? undefined : Buffer.from(name, 'latin1');
}

/** Mail of old Macs has carriage returns alone. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0x0a) ? bytes : bytes.map((byte) => (byte === 0x0d ? 0x0a : byte));
}
