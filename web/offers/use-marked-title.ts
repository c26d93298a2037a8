import { useEffect } from 'react';

/** Puts a mark before the title of the tab, whatever page it shows; undefined: none. */
export function useMarkedTitle(mark: string | undefined): void {
  useEffect(() => {
    if (mark === undefined) return;
    const apply = () => {
      if (!document.title.startsWith(mark)) document.title = `${mark}${document.title}`;
    };
    const observer = new MutationObserver(apply);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    apply();
    return () => {
      observer.disconnect();
      if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    };
  }, [mark]);
}
