import { decodeHTML } from 'entities';

/**
 * The words of HTML without a parser, for HTML that exceeded the parser's time or memory. One pass from tag to tag;
 * styles, scripts and comments are left out, and elements that are usually blocks end a line.
 */
export function bareText(html: string): string {
  const folded = html.toLowerCase();
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const opens = html.indexOf('<', at);
    parts.push(html.slice(at, opens < 0 ? html.length : opens));
    if (opens < 0) break;
    const ending = endingOf(folded.slice(opens, opens + LONGEST_START));
    const end = folded.indexOf(ending, opens + 1);
    parts.push(BLOCK.test(folded.slice(opens, opens + LONGEST_START)) ? '\n' : ' ');
    // No later tag ends either: searching again from each of the next ones would be quadratic.
    if (end < 0 && ending === '>') parts.push(html.slice(opens));
    at = end < 0 ? html.length : end + ending.length;
  }
  return decodeHTML(parts.join(''))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim();
}

const LONGEST_START = 12;
const BLOCK = /^<\/?(?:br|p|div|tr|li|h[1-6]|table|ul|ol|hr|blockquote)\b/;

function endingOf(start: string): string {
  if (start.startsWith('<!--')) return '-->';
  const [, name] = /^<(style|script|title)\b/.exec(start) ?? [];
  return name ? `</${name}>` : '>';
}
