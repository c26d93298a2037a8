/** Characters that Windows forbids in names, controls, and those that change the direction of the text after them. */
const unsafe = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*\\/]/gu;
/** Names of devices in Windows, with any extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const LONGEST = 200;

/** A name under which a file can be stored anywhere: the last part of a path, without tricks. */
export function safeFileName(name: string): string {
  const last = name.toWellFormed().split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .replace(unsafe, '_')
    .replace(/[. ]+$/, '')
    .trim();
  const shown = plain === '' ? 'file' : device.test(plain) ? `_${plain}` : plain;
  if (shown.length <= LONGEST) return shown;
  const extension = /\.[^.]{1,20}$/.exec(shown)?.[0] ?? '';
  return `${shown.slice(0, LONGEST - extension.length).toWellFormed()}${extension}`;
}
