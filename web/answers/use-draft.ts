import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ProblemError } from '../api/problem-error.ts';
import { noticeProblem } from '../shell/query-client.ts';
import { useMe } from '../shell/session.ts';
import { type Draft, draftQuery } from './answers-query.ts';
import type { DraftContent } from './draft-content.ts';
import { createDraftKeeper } from './draft-keeper.ts';
import { noteOpenDraft } from './open-drafts.ts';
import { restoreDraft } from './restore-draft.ts';
import { saveDraft, savedDraft } from './save-draft.ts';
import { findCopies, storeCopy } from './stored-copy.ts';

/**
 * A draft while it is written: kept at the server, and in the browser while that is not possible. `brought`: what was
 * written elsewhere, to go on with here.
 */
export function useDraft(draft: Draft, brought?: DraftContent) {
  const userId = useMe().data?.id ?? '';
  const queryClient = useQueryClient();
  /** What shows the draft again begins with what was saved. Files may have arrived since its answer was written. */
  const noteSaved = (saved: Draft) =>
    queryClient.setQueryData(
      draftQuery(saved.id).queryKey,
      (known) => known && { ...saved, attachments: known.attachments },
    );
  const [keeper] = useState(() => {
    const { id, itemId, kind } = draft;
    const saved = savedDraft(draft);
    const copies = findCopies(userId).filter(({ draftId }) => draftId === id);
    return createDraftKeeper(
      saved,
      {
        async save(content, version) {
          const outcome = await saveDraft(id, { content, version }, noteSaved);
          // The session has ended: the page asks for a sign-in, and what is written waits in the browser.
          if (outcome.kind === 'unavailable' && outcome.error instanceof ProblemError) noticeProblem(outcome.error);
          return outcome;
        },
        storeCopy: (unsaved) => {
          const isKept = storeCopy(userId, id, unsaved && { itemId, kind, ...unsaved });
          // They stay until what they became is saved: one of them may be the text that was not chosen yet.
          if (unsaved === undefined) for (const copy of copies.splice(0)) copy.drop();
          return isKept;
        },
      },
      restoreDraft(saved.content, [...copies, ...(brought ? [{ base: baseOf(draft), content: brought }] : [])]),
    );
  });
  const state = useSyncExternalStore(keeper.subscribe, keeper.state);

  // Saved in another window.
  useEffect(() => keeper.read(savedDraft(draft)), [keeper, draft]);

  useEffect(() => {
    keeper.start();
    const forget = noteOpenDraft(keeper);
    const onHidden = () => document.visibilityState === 'hidden' && void keeper.flush();
    const onOnline = () => void keeper.flush();
    const onLeave = (event: BeforeUnloadEvent) => keeper.state().isOnlyHere && event.preventDefault();
    document.addEventListener('visibilitychange', onHidden);
    addEventListener('online', onOnline);
    addEventListener('beforeunload', onLeave);
    return () => {
      forget();
      document.removeEventListener('visibilitychange', onHidden);
      removeEventListener('online', onOnline);
      removeEventListener('beforeunload', onLeave);
      void keeper.flush();
      keeper.stop();
    };
  }, [keeper]);

  return { keeper, state };
}

/** What another text is compared with: a draft that was begun before has words of its own, which must not be replaced. */
function baseOf(draft: Draft): { readonly content: DraftContent } {
  const { content } = savedDraft(draft);
  return { content: draft.version === 1 ? content : { ...content, body: '' } };
}
