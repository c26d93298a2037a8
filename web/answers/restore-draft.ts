import { bothTexts } from './both-texts.ts';
import type { DraftContent } from './draft-content.ts';
import type { SavedDraft } from './draft-keeper.ts';
import { type MergedDraft, mergeDrafts } from './merge-drafts.ts';

/** What was written and is based on a saved state. */
interface Written {
  readonly base: Pick<SavedDraft, 'content'>;
  readonly content: DraftContent;
}

/**
 * A saved draft with what one or several windows had kept of it, the newest last: of their texts, the newest, with all
 * others to choose from. Undefined without copies.
 */
export function restoreDraft(saved: DraftContent, copies: readonly Written[]): MergedDraft | undefined {
  return copies.reduce<MergedDraft | undefined>((restored, { base, content }) => {
    const merged = mergeDrafts(base.content, content, restored?.content ?? saved);
    const before = restored?.otherText;
    if (before === undefined) return merged;
    return { ...merged, otherText: merged.otherText ? bothTexts(merged.otherText, before) : before };
  }, undefined);
}
