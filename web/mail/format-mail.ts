import { hasManyDirections, withoutDirections } from './few-directions.ts';
import { findQuote } from './find-quote.ts';
import { foldQuote } from './fold-quote.ts';
import { keepReadable } from './keep-readable.ts';
import { mailStyleSheet } from './mail-styles.ts';
import { type MailLink, markLinks } from './mark-links.ts';
import { parseMail } from './parse-mail.ts';
import { isForwarded } from './quote-marks.ts';
import { type MailPicture, sanitiseMail } from './sanitise-mail.ts';
import { tameMarkup } from './tame-markup.ts';

/** From opening a mail to the display of it or of its text, in milliseconds; people accept a wait of two seconds. */
const PATIENCE_MS = 1_500;

/** Nested tables. Forwarded newsletters have twenty; each level is laid out several times. */
const MOST_NESTED_TABLES = 60;

export type FormattedMail =
  | {
      /** Images that the page is to fetch. */
      readonly pictures: readonly MailPicture[];
      readonly trackingPixels: number;
      readonly links: readonly MailLink[];
    }
  | { readonly refused: 'too-complex' | 'unreadable' }
  /** The caller no longer needs the result. */
  | 'cancelled';

export interface FormatOptions {
  readonly subject: string;
  /** What stands in the place of quoted history, by the number of its lines. */
  readonly quoteWords: (lines: number) => string;
  readonly signal: AbortSignal;
}

/**
 * Puts a mail into the empty document of its frame, as it was written except for anything that could load, run or cover
 * other content. Takes at most a second and a half, and keeps the page responsive.
 */
export async function formatMail(
  html: string,
  frame: Window & typeof globalThis,
  { subject, quoteWords, signal }: FormatOptions,
): Promise<FormattedMail> {
  const deadline = performance.now() + PATIENCE_MS;
  const tame = tameMarkup(html);
  const parsed = tame === undefined ? undefined : await parseMail(tame, frame, { deadline, signal });
  if (signal.aborted) return 'cancelled';
  if (!parsed) return { refused: 'too-complex' };
  if (parsed.body?.tagName !== 'BODY') return { refused: 'unreadable' };
  const css = [...parsed.querySelectorAll('style')].map(({ textContent }) => textContent).join('\n');
  const quote = isForwarded(subject) ? undefined : findQuote(parsed.body);
  const sanitised = sanitiseMail(parsed, frame, { deadline });
  if ('refused' in sanitised) return sanitised;
  if (nestsTables(sanitised.body)) return { refused: 'too-complex' };
  const { body, pictures, trackingPixels } = sanitised;
  const hasPictures = pictures.length > 0 || body.querySelector('img, hr, table') !== null;
  const isEmpty = body.textContent?.trim() === '' && !hasPictures;
  if (isEmpty && html.trim() !== '') return { refused: 'unreadable' };

  limitDirections(body);
  const links = await markLinks(body);
  if (signal.aborted) return 'cancelled';
  const inside = frame.document;
  inside.adoptedStyleSheets = [mailStyleSheet(css, frame)];
  inside.documentElement.dir = parsed.documentElement.dir === 'rtl' ? 'rtl' : '';
  inside.body.replaceWith(inside.adoptNode(body));
  keepReadable(pictures, frame);
  if (quote) foldQuote(quote, quoteWords);
  return { pictures, trackingPixels, links };
}

/** The text of all elements together is laid out at once. */
function limitDirections(body: HTMLElement): void {
  if (!hasManyDirections(body.textContent)) return;
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    text.nodeValue = withoutDirections(text.nodeValue ?? '');
  }
}

function nestsTables(body: Element): boolean {
  const levels = new Map<Element, number>();
  for (const table of body.querySelectorAll('table')) {
    const outer = table.parentElement?.closest('table');
    const level = (outer ? (levels.get(outer) ?? 0) : 0) + 1;
    if (level > MOST_NESTED_TABLES) return true;
    levels.set(table, level);
  }
  return false;
}
