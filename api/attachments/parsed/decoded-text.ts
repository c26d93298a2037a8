import { isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { type Charset, charsetNamed } from './charset-names.ts';

/**
 * The text of bytes.
 *
 * @param declared the charset that the mail names for them. Programs that do not know theirs name UTF-8, ASCII or
 *   Latin-1, so these count only where the bytes fit them. A missing or unknown name does not.
 */
export function decodedText(bytes: Uint8Array, declared = ''): string {
  const charset = charsetNamed(declared);
  const isCertain = charset !== undefined && !isNamedByDefault(charset);
  return isCertain ? decode(bytes, charset) : guessedText(bytes, charset);
}

/** The charsets of western text, for the platform. */
const isNamedByDefault = ({ name }: Charset) => name === 'utf-8' || name === 'windows-1252';

function decode(bytes: Uint8Array, { by, name }: Charset): string {
  if (by === 'shifts') return withShifts(bytes);
  return by === 'iconv' ? iconv.decode(Buffer.from(bytes), name) : platformText(bytes, name);
}

/** Mails of many small parts have one each. */
const utf8 = new TextDecoder();
const JAPANESE_ESCAPES = ['\x1b$B', '\x1b$@'];
const [SHIFT_OUT, SHIFT_IN, LINE_FEED, ESCAPE] = [0x0e, 0x0f, 0x0a, 0x1b];

function platformText(bytes: Uint8Array, charset: string): string {
  return (charset === 'utf-8' ? utf8 : new TextDecoder(charset)).decode(bytes);
}

function guessedText(bytes: Uint8Array, named: Charset | undefined): string {
  const evident = evidentCharset(bytes);
  if (evident !== undefined) return platformText(bytes, evident);
  if (named?.name !== 'windows-1252') {
    // A character that was cut at the end, or damaged on the way, does not make another charset of the others.
    const text = platformText(bytes, 'utf-8');
    const damaged = text.match(/\ufffd/g)?.length ?? 0;
    if (damaged < (text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0)) return text;
  }
  return platformText(bytes, named === undefined ? probableCharset(bytes) : 'windows-1252');
}

/** Bytes of UTF-16 that are looked at for zeros, and the fewest that are enough. */
const LOOKED_AT = 400;
const FEWEST = 8;

/** What the bytes cannot be by chance; undefined: they have no such signs. */
function evidentCharset(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const beginning = bytes.subarray(0, LOOKED_AT);
  if (beginning.length >= FEWEST && beginning.includes(0)) {
    const zeros = (parity: number) => beginning.filter((byte, index) => byte === 0 && index % 2 === parity).length;
    const [even, odd] = [zeros(0), zeros(1)];
    if (even === 0 && odd > beginning.length / 4) return 'utf-16le';
    if (odd === 0 && even > beginning.length / 4) return 'utf-16be';
  }
  if (!isUtf8(bytes)) return undefined;
  // The escape sequences of Japan are ASCII.
  const isJapanese = bytes.includes(ESCAPE) && JAPANESE_ESCAPES.some((each) => Buffer.from(bytes).includes(each));
  return isJapanese ? 'iso-2022-jp' : 'utf-8';
}

/** Bytes that are compared with the habits of languages. */
const COMPARED = 10_000;
/** Of a hundred; of short texts in Cyrillic, Greek, Hebrew and Arabic it is more. */
const CERTAIN = 30;
/** The share of bytes beyond ASCII: of western text less. */
const FOREIGN_SHARE = 0.4;

/** What Windows writes in the west, unless most letters are of another script. */
function probableCharset(bytes: Uint8Array): string {
  const beginning = bytes.subarray(0, COMPARED);
  if (beginning.filter((byte) => byte > 0x7f).length < beginning.length * FOREIGN_SHARE) return 'windows-1252';
  const [best] = analyse(beginning);
  const charset = best && best.confidence >= CERTAIN ? charsetNamed(best.name) : undefined;
  return charset?.by === 'platform' ? charset.name : 'windows-1252';
}

/** RFC 1557: from a shift to the next, and at most to the end of the line, two 7-bit bytes are a character of EUC-KR. */
function withShifts(bytes: Uint8Array): string {
  const eightBit = new Uint8Array(bytes.length);
  let length = 0;
  let isShifted = false;
  for (const byte of bytes) {
    if (byte === SHIFT_OUT || byte === SHIFT_IN) isShifted = byte === SHIFT_OUT;
    else {
      isShifted &&= byte !== LINE_FEED;
      eightBit[length] = isShifted && byte > 0x20 ? byte | 0x80 : byte;
      length += 1;
    }
  }
  return new TextDecoder('euc-kr').decode(eightBit.subarray(0, length)).replace('\x1b$)C', '');
}
