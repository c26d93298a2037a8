import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import type { Words } from '../words/en.ts';
import type { ServerWordsOf } from '../words/server-words.ts';

export type Language = 'en' | 'de';

interface LanguageWords {
  readonly language: Language;
  readonly words: Words;
  /** Undefined for English, the API's own language. */
  readonly serverWords?: ServerWordsOf;
}

/**
 * To add a language: a file like `words/en.ts`, its part of `words/server-words.ts`, and a line here, below and in
 * `preloads.ts`. It is loaded only by its readers.
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
  const { lang } = document.documentElement;
  const first = Object.hasOwn(loads, lang) ? (lang as Language) : 'en';
  return await loads[first]().catch(() => loads.en());
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
      localStorage.setItem(STORED_AS, chosen);
    };
    loads[chosen]().then(show, () => {});
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
