import LinkifyIt from 'linkify-it';

/** A piece of a text: words, or an address. */
export interface TextPiece {
  readonly text: string;
  /** Undefined: words. */
  readonly href?: string;
}

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyIP: false, fuzzyEmail: true });
// Addresses of other programs have no place in a mail.
linkify.add('ftp:', null).add('//', null);
linkify.add('tel:', { validate: /^\+?[\d().-]{3,30}/ });

/** More are left as words: a page with a hundred thousand links is slow. */
const MOST_LINKS = 2_000;
/** Characters that are searched at once: the search within one address begins again at each of its parts. */
const MOST_LINE_CHARACTERS = 5_000;

/** The addresses in a plain text, and what stands between them. */
export function textPieces(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let words = '';
  let links = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const found = links < MOST_LINKS && line.length <= MOST_LINE_CHARACTERS ? (linkify.match(line) ?? []) : [];
    let at = 0;
    for (const { index, lastIndex, url, raw } of found) {
      words += line.slice(at, index);
      if (words !== '') pieces.push({ text: words });
      pieces.push({ text: raw, href: url.replace(/^http:\/\/(?=www\.)/i, 'https://') });
      words = '';
      at = lastIndex;
      links += 1;
    }
    words += line.slice(at);
  }
  if (words !== '') pieces.push({ text: words });
  return pieces;
}
