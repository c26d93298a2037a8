import { Button } from '@mantine/core';
import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react';
import { useShortcuts } from './shortcuts.tsx';

/** Long enough to read a sentence, in milliseconds. */
const SHOWN_FOR_MS = 6_000;
/** Long enough to notice a mistake and undo it, in milliseconds. */
const UNDONE_WITHIN_MS = 10_000;

/** Takes back what was announced. */
interface Undo {
  readonly label: string;
  /** A key that does the same, with its words in the list of keys. */
  readonly key: string;
  readonly keyLabel: string;
  readonly run: () => void;
}

interface Announcement {
  readonly text: ReactNode;
  readonly undo?: Undo | undefined;
}

type Announce = (text: ReactNode, undo?: Undo) => void;

const AnnouncerContext = createContext<Announce | undefined>(undefined);

/** One live region for all pages: shows what was done for a while, and announces it to screen readers. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<Announcement>();
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setShown(undefined), shown.undo ? UNDONE_WITHIN_MS : SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const announce = useCallback<Announce>((text, undo) => setShown({ text, undo }), []);
  const undo = shown?.undo;
  const runUndo = () => {
    setShown(undefined);
    undo?.run();
  };
  useShortcuts([undo && { key: undo.key, label: undo.keyLabel, run: runUndo }]);
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className="announcer">
        {shown && shown.text !== '' && (
          <div className="announcement">
            {shown.text}
            {undo && (
              <Button size="compact-xs" variant="white" ml="sm" onClick={runUndo} aria-keyshortcuts={undo.key}>
                {undo.label}
              </Button>
            )}
          </div>
        )}
      </div>
    </AnnouncerContext>
  );
}

export function useAnnounce(): Announce {
  const announce = use(AnnouncerContext);
  if (!announce) throw new TypeError('useAnnounce needs an AnnouncerProvider around it');
  return announce;
}
