import iconv from 'iconv-lite';

/** Charsets that the MIME library does not decode, by their names in mail. */
export const SEVEN_BIT_CHARSET = '(?:(?:x-|unicode-[12]-[01]-)?utf-?7|hz(?:-gb-?2312)?)';

const WHOLE_NAME = new RegExp(`^${SEVEN_BIT_CHARSET}$`, 'i');

export function isSevenBitCharset(name: string): boolean {
  return WHOLE_NAME.test(name);
}

/** Decodes UTF-7 or HZ; every character of `text` is a byte. */
export function decodeSevenBit(charset: string, text: string): string {
  return /utf/i.test(charset) ? iconv.decode(Buffer.from(text, 'latin1'), 'utf-7') : fromHz(text);
}

/** RFC 1843: between `~{` and `~}` two 7-bit bytes are a character of GB 2312, `~~` is a tilde. */
function fromHz(text: string): string {
  const decoder = new TextDecoder('gb18030');
  return text.replace(/~\{((?:[!-}][!-~])*)(?:~\})?|~~|~\r?\n/g, (whole, pairs: string | undefined) => {
    if (pairs === undefined) return whole === '~~' ? '~' : '';
    return decoder.decode(Buffer.from(pairs, 'latin1').map((byte) => byte | 0x80));
  });
}
