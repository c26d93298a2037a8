import type { Recipient } from '../parts/parse-recipients.ts';
import { type DraftContent, hasText, isSameList, isSameText } from './draft-content.ts';

export interface MergedDraft {
  /** Every change of either side; where both changed the text, it has one's own. */
  readonly content: DraftContent;
  /** The other side's text, where both changed it: a person has to choose. */
  readonly otherText?: Pick<DraftContent, 'format' | 'body'>;
}

/**
 * A draft that was changed here and elsewhere since both had `base`. A part that only one side changed is that side's;
 * recipients of both are kept; of two texts none is dropped.
 */
export function mergeDrafts(base: DraftContent, own: DraftContent, other: DraftContent): MergedDraft {
  const pick = <Part>(part: (content: DraftContent) => Part): Part =>
    part(own) === part(base) ? part(other) : part(own);
  const isOwnText = own.body !== base.body || own.format !== base.format;
  const isOtherText = !isSameText(other, base);
  const isInOther = isOwnText && isOtherText && hasText(other, own);
  const { format, body } = isOwnText && !isInOther ? own : other;
  const content: DraftContent = {
    to: mergeLists(base.to, own.to, other.to),
    cc: mergeLists(base.cc, own.cc, other.cc),
    bcc: mergeLists(base.bcc, own.bcc, other.bcc),
    subject: pick(({ subject }) => subject),
    includesQuote: pick(({ includesQuote }) => includesQuote),
    format,
    body,
  };
  if (!isOwnText || !isOtherText || isInOther || hasText(own, other)) return { content };
  return { content, otherText: { format: other.format, body: other.body } };
}

/** Who was added on either side is kept, who was removed on either side is not. */
function mergeLists(
  base: readonly Recipient[],
  own: readonly Recipient[],
  other: readonly Recipient[],
): readonly Recipient[] {
  if (isSameList(own, base)) return other;
  if (isSameList(other, base)) return own;
  const has = (list: readonly Recipient[], { address }: Recipient) =>
    list.some((each) => each.address.toLowerCase() === address.toLowerCase());
  const kept = own.filter((recipient) => has(other, recipient) || !has(base, recipient));
  return [...kept, ...other.filter((recipient) => !has(own, recipient) && !has(base, recipient))];
}
