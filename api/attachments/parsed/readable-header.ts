import { isUtf8 } from 'node:buffer';
import { charsetNamed, platformName } from './charset-names.ts';
import { decodedText } from './decoded-text.ts';

/** `=?charset*language?B?words?=` */
const ENCODED_WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([QB])\?([^?]*)\?=/gi;
/** `name*=charset'language'words`, or the first section of it. */
const FIRST_SECTION = /\*(0\*)?=[ \t]*"?([^'"\s;]{1,60})'[^']{0,60}'([^;"\s]*)"?/g;
/** `name*3*=words` */
const FURTHER_SECTION = /\*([1-9]\d{0,3})\*=[ \t]*"?([^;"\s]*)"?/g;
const [SPACE, TAB] = [0x20, 0x09];

/**
 * Makes UTF-8 of the lines of headers, whatever their bytes, encoded words and parameters are in, as far as the MIME
 * library does not decode that itself. Changes neither names of headers nor their ends.
 *
 * @param declared the charset of the mail's text, which 8-bit bytes in its headers have too
 */
export function createReadableHeader(declared: string): (line: Uint8Array) => Uint8Array {
  const eightBit = eightBitDecoder(declared);
  /** Of the parameter whose sections follow on further lines. */
  let continued: string | undefined;

  return (line) => {
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
    const isWhole = isUtf8(line);
    if (line[0] !== SPACE && line[0] !== TAB) continued = undefined;
    if (isWhole && !bytes.includes('=?') && !bytes.includes('*')) return line;
    const written = isWhole ? bytes.toString() : eightBit.decode(line);
    const readable = written
      .replace(ENCODED_WORD, (whole, charset: string, encoding: string, word: string) => {
        if (isDecodedByLibrary(charset)) return whole;
        const octets = encoding.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : fromQuoted(word);
        return `=?utf-8?B?${Buffer.from(decodedText(octets, charset)).toString('base64')}?=`;
      })
      .replace(FIRST_SECTION, (whole, section = '', charset: string, words: string) => {
        continued = isDecodedByLibrary(charset) ? undefined : charset;
        return continued === undefined ? whole : `*${section}=utf-8''${inUtf8(words, charset)}`;
      })
      .replace(FURTHER_SECTION, (whole, number: string, words: string) =>
        continued === undefined ? whole : `*${number}*=${inUtf8(words, continued)}`,
      );
    return isWhole && readable === written ? line : new TextEncoder().encode(readable);
  };
}

/** Encoded words may divide a character between them: only the library, which joins them, can decode those. */
function isDecodedByLibrary(charset: string): boolean {
  const name = platformName(charset);
  return name !== undefined && name !== 'windows-1252';
}

function inUtf8(words: string, charset: string): string {
  return encodeURIComponent(decodedText(fromPercent(words), charset)).replaceAll("'", '%27');
}

const fromPercent = (words: string) => octetsOf(words, /%([0-9a-f]{2})/gi);
const fromQuoted = (word: string) => octetsOf(word.replaceAll('_', ' '), /=([0-9a-f]{2})/gi);

function octetsOf(words: string, encoded: RegExp): Uint8Array {
  const decoded = words.replace(encoded, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}

/**
 * For bytes that are no UTF-8. What is ASCII stays: no other charset may turn it into another header, so charsets of 7
 * bits and of 16 are not believed.
 */
function eightBitDecoder(declared: string) {
  const charset = charsetNamed(declared);
  const isUsable = charset?.by === 'platform' && !/^(?:utf-|iso-2022)/.test(charset.name);
  return new TextDecoder(isUsable ? charset.name : 'windows-1252');
}
