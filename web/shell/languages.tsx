import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { en, type Words } from '../words/en.ts';
import type { ServerWordsOf } from '../words/server-words.ts';

export type Language = 'en' | 'de';

interface LanguageWords {
  readonly words: Words;
  /** Undefined for English, which the API speaks itself. */
  readonly serverWords?: ServerWordsOf | undefined;
}

interface LanguageFile {
  readonly name: string;
  /** Only who reads a language loads its words. */
  load(): Promise<LanguageWords>;
}

/** Another language is one file like `words/en.ts`, its part of `words/server-words.ts`, and an entry here. */
export const languages: Readonly<Record<Language, LanguageFile>> = {
  en: { name: 'English', load: async () => ({ words: en }) },
  de: {
    name: 'Deutsch',
    load: async () => {
      const [{ de }, { serverWordsDe }] = await Promise.all([
        import('../words/de.ts'),
        import('../words/server-words.ts'),
      ]);
      return { words: de, serverWords: serverWordsDe };
    },
  },
};

interface LoadedLanguage extends LanguageWords {
  readonly language: Language;
}

interface LanguageChoice extends LoadedLanguage {
  choose(language: Language): void;
}

const STORED_AS = 'mailroom-language';
const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

interface LanguageProviderProps {
  readonly first: LoadedLanguage;
  readonly children: ReactNode;
}

/** Holds the language, and remembers which one was chosen. */
export function LanguageProvider({ first, children }: LanguageProviderProps) {
  const [{ language, words, serverWords }, setLoaded] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  function choose(wanted: Language): void {
    localStorage.setItem(STORED_AS, wanted);
    void loadLanguage(wanted).then(setLoaded);
  }
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

/** The language chosen before, else the browser's, else English. */
export async function loadFirstLanguage(): Promise<LoadedLanguage> {
  const wanted = [localStorage.getItem(STORED_AS), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return await loadLanguage(
    wanted.find((tag): tag is Language => tag !== null && Object.hasOwn(languages, tag)) ?? 'en',
  );
}

/** English, where the words of another language cannot be loaded: better than no page. */
async function loadLanguage(language: Language): Promise<LoadedLanguage> {
  try {
    return { language, ...(await languages[language].load()) };
  } catch {
    return { language: 'en', words: en };
  }
}
