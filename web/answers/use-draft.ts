import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMe } from '../shell/session.ts';
import type { Draft } from './answers-query.ts';
import { createDraftKeeper } from './draft-keeper.ts';
import { mergeDrafts } from './merge-drafts.ts';
import { noteOpenDraft } from './open-drafts.ts';
import { saveDraft, savedDraft } from './save-draft.ts';
import { findCopy, storeCopy } from './stored-copy.ts';

/** A draft while it is written: kept at the server, and in the browser while that is not possible. */
export function useDraft(draft: Draft) {
  const userId = useMe().data?.id ?? '';
  const [keeper] = useState(() => {
    const saved = savedDraft(draft);
    const copy = findCopy(userId, draft.id);
    const restored = copy && mergeDrafts(copy.base.content, copy.content, saved.content);
    return createDraftKeeper(
      saved,
      {
        save: (content, tag) => saveDraft(draft.id, content, tag),
        storeCopy: (unsaved) => storeCopy(userId, draft.id, unsaved),
      },
      restored,
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
    document.addEventListener('visibilitychange', onHidden);
    addEventListener('online', onOnline);
    return () => {
      forget();
      document.removeEventListener('visibilitychange', onHidden);
      removeEventListener('online', onOnline);
      void keeper.flush();
      keeper.stop();
    };
  }, [keeper]);

  return { keeper, state };
}
