import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { sharedStore } from '../parts/browser-store.ts';
import type { EventWordsOf } from '../words/de/event-words.ts';
import type { FindingWords } from '../words/de/finding-words.ts';
import type { DeskWords } from '../words/en/desk.ts';
import type { Words } from '../words/en.ts';
import type { ProblemWordsOf, ServerWordsOf } from '../words/server-words.ts';
import { loadCode } from './load-code.ts';

export type Language = 'en' | 'de';

interface LanguageWords {
  readonly language: Language;
  readonly words: Words;
  /** Undefined for English, the API's own language. */
  readonly serverWords?: ServerWordsOf;
}

/**
 * To add a language: files like `words/en.ts` and `words/en/desk.ts`, its part of `words/server-words.ts`, and lines
 * here, below and in `preloads.ts`. It is loaded only by its readers.
 */
const loads: Readonly<Record<Language, () => Promise<LanguageWords>>> = {
  en: async () => ({ language: 'en', words: (await import('../words/en.ts')).en }),
  de: async () => {
    const [{ de }, { serverWordsDe }] = await Promise.all([
      import('../words/de.ts'),
      import('../words/server-words.ts'),
    ]);
    return { language: 'de', words: de, serverWords: serverWordsDe };
  },
};

/** Words of the pages where mail is worked on, which the others do not need. */
interface WordsOfDesk {
  readonly desk: DeskWords;
  /** Undefined for English, the API's own language. */
  readonly events?: EventWordsOf;
  /** By the code of what a check of the global properties found; undefined for English. */
  readonly findings?: Readonly<Record<string, FindingWords>>;
  /** Refusals of these pages' requests, by their reason; undefined for English. */
  readonly problems?: ProblemWordsOf;
  /** Why an answer is not sent, or may not be, by the reason that the API names; undefined for English. */
  readonly sending?: Readonly<Record<string, string>>;
}
const loadsDesk: Readonly<Record<Language, () => Promise<WordsOfDesk>>> = {
  en: async () => ({ desk: (await import('../words/en/desk.ts')).desk }),
  de: async () => {
    const words = await import('../words/de/desk.ts');
    const { desk, eventWordsDe, findingWordsDe, deskProblemWordsDe, sendingWordsDe } = words;
    const ofServer = { problems: deskProblemWordsDe, sending: sendingWordsDe };
    return { desk, events: eventWordsDe, findings: findingWordsDe, ...ofServer };
  },
};
const deskWords = new Map<Language, WordsOfDesk>();
const deskLoading = new Map<Language, Promise<WordsOfDesk>>();

/** Loads the words of the pages where mail is worked on, in the language of the document unless another is named. */
export function loadDeskWords(language = firstLanguage()): Promise<WordsOfDesk> {
  const known = deskLoading.get(language);
  if (known) return known;
  const loading = loadCode(loadsDesk[language]);
  deskLoading.set(language, loading);
  loading.then(
    (value) => {
      deskWords.set(language, value);
      // As React marks promises that it has waited for: what is loaded is there without a wait.
      Object.assign(loading, { status: 'fulfilled', value });
    },
    () => deskLoading.delete(language),
  );
  return loading;
}

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

interface LanguageChoice {
  readonly language: Language;
  readonly words: Words;
  readonly serverWords: ServerWordsOf | undefined;
  choose(language: Language): void;
}

/** Read by `index.html`, which preloads the words before the code that needs them. */
const STORED_AS = 'mailroom-language';
const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

/** The initial language, as determined by the document: the one chosen before, else the browser's, else English. */
export async function loadFirstLanguage(): Promise<LanguageWords> {
  return await loads[firstLanguage()]().catch(() => loads.en());
}

function firstLanguage(): Language {
  const { lang } = document.documentElement;
  return Object.hasOwn(loads, lang) ? (lang as Language) : 'en';
}

interface LanguageProviderProps {
  readonly first: LanguageWords;
  readonly children: ReactNode;
}

/** Provides the language. If a language cannot be loaded, the current one stays. */
export function LanguageProvider({ first, children }: LanguageProviderProps) {
  const [loaded, setLoaded] = useState(first);
  const { language, words, serverWords } = loaded;
  const choose = (chosen: Language) => {
    const show = (words: LanguageWords) => {
      setLoaded(words);
      sharedStore.keep(STORED_AS, chosen);
    };
    // Where the page that is open needs them, so that it does not disappear for a moment.
    const desk = deskWords.size > 0 ? loadDeskWords(chosen) : undefined;
    Promise.all([loads[chosen](), desk]).then(
      ([words]) => show(words),
      () => {},
    );
  };
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <LanguageContext value={{ language, words, serverWords, choose }}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  const choice = use(LanguageContext);
  if (!choice) throw new TypeError('useLanguage needs a LanguageProvider around it');
  return choice;
}

export function useWords(): Words {
  return useLanguage().words;
}

/** The page's route has loaded them (`router.tsx`); what is outside of these pages waits for them in a Suspense. */
function useWordsOfDesk(): WordsOfDesk {
  const { language } = useLanguage();
  // Also when they are there: React repeats a render that waited, and must find the same hooks in it.
  return use(loadDeskWords(language));
}

export function useDeskWords(): DeskWords {
  return useWordsOfDesk().desk;
}

/** By the code of what a check of the global properties found; undefined for English, the API's own language. */
export function useFindingWords(): WordsOfDesk['findings'] {
  return useWordsOfDesk().findings;
}

/** Undefined for English, the API's own language. */
export function useEventWords(): EventWordsOf | undefined {
  return useWordsOfDesk().events;
}

/** Why an answer is not sent, by the API's reason; undefined for English, the API's own language. */
export function useSendingWords(): WordsOfDesk['sending'] {
  return useWordsOfDesk().sending;
}

/** The words for refusals by their reason, as far as they are loaded; none for English, the API's own language. */
export function useProblemWords(): (reason: string) => ProblemWordsOf[string] | undefined {
  const { language, serverWords } = useLanguage();
  return (reason) => serverWords?.problems[reason] ?? deskWords.get(language)?.problems?.[reason];
}
