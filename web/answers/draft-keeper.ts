import { type DraftContent, findSaved, isSameContent } from './draft-content.ts';
import { type MergedDraft, mergeDrafts } from './merge-drafts.ts';

/** A draft as it is saved at the server. */
export interface SavedDraft {
  readonly content: DraftContent;
  /** Grows with each saving. This state is overwritten only while it is still current. */
  readonly version: number;
  readonly savedAt: string;
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly draft: SavedDraft }
  /** It was saved elsewhere in between. */
  | { readonly kind: 'changed'; readonly draft: SavedDraft }
  /** It can never be saved again: sent, discarded, or taken over by another person. */
  | { readonly kind: 'over'; readonly error: unknown }
  /** Not with this content. */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** It may be saved later. */
  | { readonly kind: 'unavailable'; readonly error: unknown };

/** What was written and is not saved. */
export interface UnsavedDraft {
  /** The saved state that it is based on. */
  readonly base: SavedDraft;
  readonly content: DraftContent;
  /** What was sent since without an answer: the server may have saved one of them over `base`. */
  readonly unanswered: readonly DraftContent[];
}

/** What was written before, to go on with. */
export type RestoredDraft = MergedDraft & Pick<UnsavedDraft, 'unanswered'>;

/** What the keeper needs from outside. */
export interface DraftKeeping {
  /** Saves the content over the state with this version. Never rejects. */
  readonly save: (content: DraftContent, version: number) => Promise<SaveOutcome>;
  /** Keeps a copy in the browser while something is not saved; undefined when everything is. False: it keeps none. */
  readonly storeCopy: (copy: UnsavedDraft | undefined) => boolean;
}

/** How the draft stands between here and the server. */
export interface DraftState {
  /** What is written here. */
  readonly content: DraftContent;
  /** What was last saved. */
  readonly saved: SavedDraft;
  readonly phase: 'saved' | 'unsaved' | 'saving' | 'unavailable' | 'refused' | 'over';
  /** Why it could not be saved. */
  readonly error?: unknown;
  /** When it was saved elsewhere, and taken over into what is written here. */
  readonly mergedAt?: string | undefined;
  /** Another text of this draft, of which the person has to choose one. Nothing is saved until then. */
  readonly otherText?: (Pick<DraftContent, 'format' | 'body'> & Pick<SavedDraft, 'savedAt'>) | undefined;
  /** Counts changes that came from elsewhere, so that editors show them. */
  readonly revision: number;
  /** True: it began with what the browser had kept. */
  readonly isRestored: boolean;
  /** True: what is not saved is in this page alone, and goes with it. */
  readonly isOnlyHere: boolean;
}

/** From the last key to saving, in milliseconds: short enough that a crash costs a few words. */
const SAVE_AFTER_MS = 1_000;
/** Intervals between attempts while the server does not answer, in milliseconds; the last one repeats. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000] as const;

/**
 * Requests without an answer that are remembered, besides the last two: the server has saved one of them at most, and
 * most likely one from when the connection broke or came back.
 */
const FIRST_UNANSWERED = 2;

/** Of a text that changes while it is being saved. */
const MOST_ATTEMPTS = 5;

/**
 * Keeps what is written: saves it a second after the last change, one request at a time, over the state it is based on;
 * merges what was saved elsewhere; keeps a copy in the browser until the server has it. Drops no words on its own.
 */
export function createDraftKeeper(first: SavedDraft, keeping: DraftKeeping, restored?: RestoredDraft) {
  const isRestored = restored !== undefined && !isSameContent(restored.content, first.content);
  let state: DraftState = {
    content: restored?.content ?? first.content,
    saved: first,
    phase: isRestored ? 'unsaved' : 'saved',
    otherText: restored?.otherText && { ...restored.otherText, savedAt: first.savedAt },
    revision: 0,
    isRestored,
    isOnlyHere: false,
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> | undefined;
  let failures = 0;
  let isStopped = false;
  /** The content as the server has it. */
  let stored = first.content;
  /** What was sent since the last answer: the server may have it. */
  let unanswered = restored?.unanswered ?? [];
  const listeners = new Set<() => void>();

  function set(change: Partial<DraftState>): void {
    state = { ...state, ...change };
    const isKept = keeping.storeCopy(
      isUnsaved() ? { base: savedAsStored(), content: state.content, unanswered } : undefined,
    );
    state = { ...state, isOnlyHere: isUnsaved() && !isKept };
    for (const listener of listeners) listener();
  }

  /** For who reads the draft again: with the text as the server has written it. */
  function savedAsStored(): SavedDraft {
    const { format, body } = stored;
    return { ...state.saved, content: { ...state.saved.content, format, body } };
  }

  function isUnsaved(): boolean {
    return !isSameContent(state.content, state.saved.content) || state.otherText !== undefined;
  }

  function saveAfter(delayMs: number): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void saveNow(), delayMs);
  }

  async function saveNow(): Promise<void> {
    clearTimeout(timer);
    while (saving !== undefined) await saving;
    if (state.phase === 'over' || state.otherText !== undefined) return;
    if (!isUnsaved()) {
      if (state.phase !== 'saved') set({ phase: 'saved', error: undefined });
      return;
    }
    saving = saveOnce().finally(() => {
      saving = undefined;
    });
    await saving;
    if ((state.phase as DraftState['phase']) === 'unsaved') saveAfter(SAVE_AFTER_MS);
  }

  async function saveOnce(): Promise<void> {
    const sent = state.content;
    const before = unanswered.filter((each) => !isSameContent(each, sent));
    unanswered = [...before.filter((_, index) => index < FIRST_UNANSWERED || index === before.length - 1), sent];
    set({ phase: 'saving' });
    const outcome = await keeping.save(sent, state.saved.version);
    switch (outcome.kind) {
      case 'saved': {
        failures = 0;
        unanswered = [];
        // The server may have written the text differently, such as without what it does not send.
        stored = outcome.draft.content;
        const saved = { ...outcome.draft, content: sent };
        set({ saved, phase: isSameContent(state.content, sent) ? 'saved' : 'unsaved', error: undefined });
        return;
      }
      case 'changed':
        failures = 0;
        takeOver(outcome.draft);
        return;
      case 'over':
        set({ phase: 'over', error: outcome.error });
        return;
      case 'refused':
        set({ phase: 'refused', error: outcome.error });
        return;
      case 'unavailable':
        set({ phase: 'unavailable', error: outcome.error });
        saveAfter(RETRY_AFTER_MS[Math.min(failures, RETRY_AFTER_MS.length - 1)] ?? 0);
        failures += 1;
    }
  }

  /** Continues from a state that was saved elsewhere, or here by a request whose answer was lost. */
  function takeOver(other: SavedDraft): void {
    const { savedAt } = other;
    const own = findSaved(unanswered, other.content);
    unanswered = [];
    const isUnchanged = other.content.body === stored.body && other.content.format === stored.format;
    const { format, body } = isUnchanged ? state.saved.content : other.content;
    const saved = { ...other, content: { ...other.content, format, body } };
    const { content, otherText } = mergeDrafts(own ?? state.saved.content, state.content, saved.content);
    stored = other.content;
    set({
      content,
      saved,
      phase: isSameContent(content, saved.content) ? 'saved' : 'unsaved',
      error: undefined,
      ...(own === undefined && { mergedAt: savedAt }),
      otherText: otherText && { ...otherText, savedAt },
      revision: state.revision + 1,
    });
  }

  return {
    state: () => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isUnsaved,
    /** Something was written. */
    change(change: Partial<DraftContent>): void {
      const content = { ...state.content, ...change };
      if (isSameContent(content, state.content)) return;
      const isOver = state.phase === 'over';
      set({ content, ...(isOver || state.phase === 'saving' ? {} : { phase: 'unsaved' }) });
      if (!isOver && state.phase !== 'saving') saveAfter(SAVE_AFTER_MS);
    },
    /** The same draft was read again: shows what was saved elsewhere since. What was read before the last saving is old. */
    read(other: SavedDraft): void {
      if (other.version <= state.saved.version || saving !== undefined || state.phase === 'over') return;
      takeOver(other);
      if (state.phase === 'unsaved') saveAfter(SAVE_AFTER_MS);
    },
    /** The person has chosen between two texts: the one to go on with. */
    choose(text: Pick<DraftContent, 'format' | 'body'>): void {
      set({
        content: { ...state.content, ...text },
        otherText: undefined,
        mergedAt: undefined,
        phase: 'unsaved',
        revision: state.revision + 1,
      });
      saveAfter(0);
    },
    /** Saves at once what is unsaved; true when everything is saved. */
    async flush(): Promise<boolean> {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        await saveNow();
        if (state.phase !== 'unsaved') break;
      }
      return state.phase === 'saved';
    },
    /** Saves what the browser had kept. */
    start(): void {
      isStopped = false;
      if (state.phase === 'unsaved') saveAfter(0);
      else if (!isUnsaved()) keeping.storeCopy(undefined);
    },
    /** The draft was discarded: what is written goes with it. */
    drop(): void {
      isStopped = true;
      clearTimeout(timer);
      set({ content: state.saved.content, otherText: undefined, phase: 'saved' });
    },
    /** Stops saving; the copy in the browser stays while something is unsaved. */
    stop(): void {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

export type DraftKeeper = ReturnType<typeof createDraftKeeper>;
