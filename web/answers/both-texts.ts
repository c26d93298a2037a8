import type { DraftContent } from './draft-content.ts';
import { htmlOfText } from './text-and-html.ts';

export type WrittenBody = Pick<DraftContent, 'format' | 'body'>;

/** One's own text, and the other below it. */
export function bothTexts(own: WrittenBody, other: WrittenBody): WrittenBody {
  if (own.format === 'text' && other.format === 'text') {
    return { format: 'text', body: `${own.body}\n\n${other.body}` };
  }
  const html = ({ format, body }: WrittenBody) => (format === 'html' ? body : htmlOfText(body));
  return { format: 'html', body: `${html(own)}<hr>${html(other)}` };
}
