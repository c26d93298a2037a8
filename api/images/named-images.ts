import { Parser } from 'htmlparser2';

/** Characters of HTML that pages show; more of it is never shown formatted. */
const MOST_CHARACTERS = 4_000_000;

/**
 * The addresses of the images in a mail, and of those behind its elements, as `URL` writes them: only these are fetched,
 * so nothing else can be asked for. Those of style sheets are not shown.
 */
export function namedImages(html: string): ReadonlySet<string> {
  const named = new Set<string>();
  const add = (address = '') => {
    const written = address.trim().replace(/^\/\//, 'https://');
    if (/^https?:/i.test(written) && URL.canParse(written)) named.add(new URL(written).href);
  };
  const parser = new Parser({
    onopentag(name, { src, background, style = '' }) {
      if (name === 'img' || name === 'image') add(src);
      add(background);
      for (const [, address] of style.matchAll(/url\(\s*["']?([^"')]+)/gi)) add(address);
    },
  });
  parser.write(html.slice(0, MOST_CHARACTERS));
  parser.end();
  return named;
}
