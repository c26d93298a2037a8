import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react';

/** Long enough to read a sentence, in milliseconds. */
const SHOWN_FOR_MS = 6_000;

const AnnouncerContext = createContext<((message: string) => void) | undefined>(undefined);

/** One live region for all pages: shows what was done for a while, and announces it to screen readers. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState('');
  useEffect(() => {
    if (message === '') return;
    const timer = setTimeout(() => setMessage(''), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [message]);
  const announce = useCallback((text: string) => setMessage(text), []);
  return (
    <AnnouncerContext value={announce}>
      {children}
      <div role="status" aria-live="polite" className="announcer">
        {message !== '' && <div className="announcement">{message}</div>}
      </div>
    </AnnouncerContext>
  );
}

export function useAnnounce(): (message: string) => void {
  const announce = use(AnnouncerContext);
  if (!announce) throw new TypeError('useAnnounce needs an AnnouncerProvider around it');
  return announce;
}
