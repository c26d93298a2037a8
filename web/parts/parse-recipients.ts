import { trimInvisible } from '../../domain/words/invisible-text.ts';

/** An address, with or without the name of a person. */
export interface Recipient {
  readonly name?: string | undefined;
  readonly address: string;
}

/**
 * What a person typed or pasted as recipients: addresses with or without names, as mail programs copy them
 * (`"Doe, Anna" <anna@…>; bob@…`). A part without an address is kept as typed, so that it can be corrected.
 */
export function parseRecipients(typed: string): readonly Recipient[] {
  return splitRecipients(typed).map(parseRecipient);
}

/** The address in a copied recipient. Undefined: it is nothing but an address, or not one recipient. */
export function addressOfCopied(text: string): string | undefined {
  const [recipient, ...others] = parseRecipients(text);
  if (recipient === undefined || others.length > 0 || recipient.address === text.trim()) return undefined;
  return isAddress(recipient.address) ? recipient.address : undefined;
}

/** As it is shown in its token, and as `parseRecipients` reads it. */
export function recipientText({ name, address }: Recipient): string {
  if (!name || name === address) return address;
  return /[",;<>]/.test(name) ? `"${name.replaceAll('"', "'")}" <${address}>` : `${name} <${address}>`;
}

/** The API's rule (`domain/mail-address.ts`): false for what certainly is no address. */
export function isAddress(address: string): boolean {
  return (
    address.length <= 254 &&
    /^[^\s\p{C}@<>",;:()[\]\\]+@[^\s\p{C}@<>",;:()[\]\\.]+(\.[^\s\p{C}@<>",;:()[\]\\.]+)*$/u.test(address)
  );
}

/**
 * Semicolons, line ends and what closes an angle bracket separate always. A comma does outside of quotes and angle
 * brackets, unless what stands before it is half a name, as in `Doe, Anna <anna@…>`.
 */
function splitRecipients(typed: string): readonly string[] {
  // Links that Outlook writes behind the address that they lead to.
  const text = typed.replace(/([^\s<>]+@[^\s<>]+)\s*<mailto:[^<>]*>/gi, '$1');
  // A quotation mark without its counterpart is part of a name: it must not make one recipient of all that follow.
  const quotes = (text.match(/"/g) ?? []).length % 2 === 0;
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let isBracketed = false;
  for (const character of text) {
    if (character === '"' && quotes) isQuoted = !isQuoted;
    const closes = isBracketed && character === '>';
    if (!isQuoted && character === '<') isBracketed = true;
    else if (closes) isBracketed = false;
    const separates =
      /[;；\n\t\r]/.test(character) || (/[,，、]/.test(character) && !isBracketed && !isHalfAName(part));
    if (!separates || isQuoted) part += character;
    if (!isQuoted && (separates || closes)) {
      parts.push(part);
      part = '';
    }
  }
  parts.push(part);
  const found = parts.map((each) => withoutGroup(trimInvisible(each))).filter((each) => each !== '');
  // Several addresses with nothing but blanks between them.
  return found.flatMap((each) =>
    /^\S+@\S+(\s+\S+@\S+)+$/.test(each) && !/[<"]/.test(each) ? each.split(/\s+/) : [each],
  );
}

/** What stands before a comma: without an address so far, but not nothing. */
function isHalfAName(part: string): boolean {
  return part.trim() !== '' && !part.includes('@');
}

/** Without the name of a group (`Team: anna@…, bob@…;`, RFC 5322 3.4) or of a header before its first recipient. */
function withoutGroup(part: string): string {
  return part.replace(/^[^<>@",:]*:\s*(?=[^/\s])(?=.*@)/s, '');
}

function parseRecipient(part: string): Recipient {
  const [, before, inner] = /^(.*)<\s*([^<>]*?)\s*>\s*$/s.exec(part) ?? /^()(\S+)$/.exec(part) ?? [];
  // As programs wrote it when angle brackets were rare: `anna@… (Anna Doe)`.
  const [, commented, comment] = /^(\S+@\S+)\s+\(([^()]*)\)$/.exec(part) ?? [];
  const address = unquoted((inner ?? commented ?? part).replace(/^mailto:/i, ''));
  const name = unquoted((before ?? comment ?? '').trim());
  return name === '' || name === address ? { address } : { name, address };
}

/** Without the quotation marks around it, of either kind: Outlook writes `'anna@…'`. */
function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, '$2').trim();
}
