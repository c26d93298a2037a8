import { bothTexts } from './both-texts.ts';
import { type DraftContent, findSaved } from './draft-content.ts';
import type { RestoredDraft, UnsavedDraft } from './draft-keeper.ts';
import { mergeDrafts } from './merge-drafts.ts';

/** What was written and is based on a saved state. */
interface Written {
  readonly base: Pick<UnsavedDraft['base'], 'content'>;
  readonly content: DraftContent;
  readonly unanswered?: readonly DraftContent[];
}

/**
 * A saved draft with what one or several windows had kept of it, the newest last: of their texts, the newest, with all
 * others to choose from. What a window itself had saved, without learning it, is no other text. Undefined without copies.
 */
export function restoreDraft(saved: DraftContent, copies: readonly Written[]): RestoredDraft | undefined {
  return copies.reduce<RestoredDraft | undefined>((restored, { base, content, unanswered = [] }) => {
    const merged = {
      ...mergeDrafts(findSaved(unanswered, saved) ?? base.content, content, restored?.content ?? saved),
      unanswered: [...(restored?.unanswered ?? []), ...unanswered],
    };
    const before = restored?.otherText;
    if (before === undefined) return merged;
    return { ...merged, otherText: merged.otherText ? bothTexts(merged.otherText, before) : before };
  }, undefined);
}
