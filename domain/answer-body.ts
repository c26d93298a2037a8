import type { AnswerFormat } from './answer.ts';

/**
 * The whole text of an answer: ours above the quote, as mail programs write it. `quote` is the body of Graph's draft, a
 * whole document: ours goes into the beginning of its body, so that its own styles still apply to the quote.
 */
export function composeAnswer(format: AnswerFormat, ours: string, quote: string | undefined): string {
  if (format === 'text') return quote === undefined ? ours : `${ours}\r\n\r\n${quote.trimStart()}`;
  const own = `<div dir="auto">${ours}</div>`;
  if (quote === undefined) return `<html><body>${own}</body></html>`;
  const [tag] = /<body\b[^>]*>/i.exec(quote) ?? [];
  if (tag === undefined) return `<html><body>${own}<br>${quote}</body></html>`;
  const at = quote.indexOf(tag) + tag.length;
  return `${quote.slice(0, at)}${own}<br>${quote.slice(at)}`;
}
