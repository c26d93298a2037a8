/**
 * The address in one copied recipient, such as `Anna Doe <anna@…>` or `mailto:anna@…`. Undefined: it is nothing but an
 * address, or not one recipient. Part of the first page, so it does without the reader of recipients.
 */
export function addressOfCopied(text: string): string | undefined {
  const [, bracketed, linked] = COPIED.exec(text) ?? [];
  return bracketed ?? linked;
}

const COPIED = /^[^<>]*<(?:mailto:)?([^\s<>@]+@[^\s<>@]+)>[\s;,]*$|^\s*mailto:([^\s<>@?]+@[^\s<>@?]+)\s*$/i;
