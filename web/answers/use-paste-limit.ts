import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { isTooLongToPaste, MOST_PASTED_CHARACTERS } from './too-long-to-paste.ts';

/** Refuses a paste that is too long, and says so: true when it was. The page would stand still for minutes with it. */
export function usePasteLimit(): (data: DataTransfer | null) => boolean {
  const { answers: words } = useDeskWords();
  const { locale } = useWords();
  const announce = useAnnounce();
  return (data) => {
    if (data === null || !isTooLongToPaste(data)) return false;
    announce(words.pasteTooLong(MOST_PASTED_CHARACTERS.toLocaleString(locale)));
    return true;
  };
}
