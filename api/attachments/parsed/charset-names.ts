import iconv from 'iconv-lite';

/** How bytes are decoded: by the platform, by iconv-lite, or here. */
export type Charset =
  | { readonly by: 'platform'; readonly name: string }
  | { readonly by: 'iconv'; readonly name: string }
  | { readonly by: 'shifts'; readonly name: 'iso-2022-kr' };

/** Names that programs write for charsets which have another one. The first that fits counts. */
const names: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:x-|cs)?(?:unicode-\d-\d-)?utf-?7$/, 'utf-7'],
  // utf8mb4 of MySQL, utf-8n, utf8-mac, the code page 65001 …
  [/^(?:x-|cs)?(?:unicode-\d-\d-)?utf[-_ ]?8(?!\d)|^(?:cp|windows-?)65001$/, 'utf-8'],
  [/^(?:x-|cs)?(?:utf|ucs)[-_ ]?(?:32|4)$/, 'utf-32'],
  [/^(?:cs)?iso-?2022-?jp|^(?:cp|windows-?|ms)5022\d$/, 'iso-2022-jp'],
  [/^(?:cs)?iso-?2022-?kr$/, 'iso-2022-kr'],
  [/^(?:x-)?mac-?(?:ce|centraleurroman|centraleurope)$/, 'maccenteuro'],
  [/^(?:x-)?mac-?japanese$/, 'cp932'],
  [/^(?:x-)?mac-?korean$/, 'cp949'],
  [/^(?:x-)?mac-?chinesesimp$/, 'gb18030'],
  [/^(?:x-)?mac-?chinesetrad$/, 'big5hkscs'],
  [/^(?:x-)?mac-?icelandic$/, 'maciceland'],
  [/^(?:x-)?mac-?romanian$/, 'macromania'],
  [/^(?:x-)?mac-?ukrainian$/, 'macukraine'],
];

/** Charsets that the platform knows, and decodes less of than iconv-lite: extensions of Hong Kong and Korea. */
const wider: Readonly<Record<string, string>> = { big5: 'big5hkscs', 'euc-kr': 'cp949' };

/** Encodings of iconv-lite that are no charsets. */
const NO_CHARSET = /^(?:hex|base64|binary)$/;

/** The charset that a mail names, however it writes that. Undefined: none, or an unknown one. */
export function charsetNamed(written: string): Charset | undefined {
  const name = written
    .toLowerCase()
    .replace(/^[\s"']+/, '')
    .replace(/[\s"';,].*$/s, '');
  if (name === '') return undefined;
  const known = names.find(([pattern]) => pattern.test(name))?.[1] ?? codePage(name) ?? name;
  if (known === 'iso-2022-kr') return { by: 'shifts', name: known };
  const platform = platformName(known);
  const ofIconv = platform === undefined ? known.replace(/^(?:x-|cs)/, '') : wider[platform];
  if (ofIconv === undefined) return { by: 'platform', name: platform ?? known };
  return iconv.encodingExists(ofIconv) && !NO_CHARSET.test(ofIconv) ? { by: 'iconv', name: ofIconv } : undefined;
}

/** `cp437`, `ibm00858`, `dos-850`, `win-1251`, `x-ms-cp932` */
function codePage(name: string): string | undefined {
  const number = /^(?:x-)?(?:ms-?)?(?:cp|ibm|dos|oem|win|windows|ms|pc)[-_]?0*(\d{3,5})$/.exec(name)?.[1];
  if (number === undefined) return undefined;
  return /^125\d$/.test(number) ? `windows-${number}` : `cp${number}`;
}

/** What the platform calls it; undefined: it does not know that name. */
export function platformName(name: string): string | undefined {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return undefined;
  }
}
