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
 * Semicolons and line ends separate always. A comma does outside of quotes and angle brackets, unless what stands
 * before it is half a name, as in `Doe, Anna <anna@…>`.
 */
function splitRecipients(typed: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let isBracketed = false;
  for (const character of typed) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === '<') isBracketed = true;
    else if (character === '>') isBracketed = false;
    const separates = /[;\n\t\r]/.test(character) || (character === ',' && !isBracketed && part.includes('@'));
    if (separates && !isQuoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  parts.push(part);
  const found = parts.map((each) => each.trim()).filter((each) => each !== '' && each !== ',');
  // Several addresses with nothing but blanks between them.
  return found.flatMap((each) =>
    /^\S+@\S+(\s+\S+@\S+)+$/.test(each) && !/[<"]/.test(each) ? each.split(/\s+/) : [each],
  );
}

function parseRecipient(part: string): Recipient {
  const bracketed = /^(.*)<\s*([^<>]*?)\s*>\s*$/s.exec(part);
  if (!bracketed) return { address: part.replace(/^mailto:/i, '') };
  const name = (bracketed[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .trim();
  const address = (bracketed[2] ?? '').replace(/^mailto:/i, '');
  return name === '' || name === address ? { address } : { name, address };
}
