import { Parser } from 'htmlparser2';

/** Characters of HTML that pages show; more of it is never shown formatted. */
const MOST_CHARACTERS = 4_000_000;

/** The addresses of the images in a mail, as `URL` writes them: only these are fetched, so nothing else can be asked for. */
export function namedImages(html: string): ReadonlySet<string> {
  const named = new Set<string>();
  const parser = new Parser({
    onopentag(name, { src }) {
      if (name !== 'img' && name !== 'image') return;
      const written = src?.trim().replace(/^\/\//, 'https://') ?? '';
      if (/^https?:/i.test(written) && URL.canParse(written)) named.add(new URL(written).href);
    },
  });
  parser.write(html.slice(0, MOST_CHARACTERS));
  parser.end();
  return named;
}
