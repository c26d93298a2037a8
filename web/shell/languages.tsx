import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { de } from '../words/de.ts';
import { en, type Words } from '../words/en.ts';
import { type ServerWordsOf, serverWordsDe } from '../words/server-words.ts';

export type Language = 'en' | 'de';

interface LanguageWords {
  readonly name: string;
  readonly words: Words;
  /** Undefined for English, which the API speaks itself. */
  readonly serverWords?: ServerWordsOf;
}

/** Another language is one file like `words/en.ts`, its part of `words/server-words.ts`, and a line here. */
export const languages: Readonly<Record<Language, LanguageWords>> = {
  en: { name: 'English', words: en },
  de: { name: 'Deutsch', words: de, serverWords: serverWordsDe },
};

interface LanguageChoice {
  readonly language: Language;
  readonly words: Words;
  readonly serverWords: ServerWordsOf | undefined;
  choose(language: Language): void;
}

const STORED_AS = 'mailroom-language';
const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

/** Holds the language: the one chosen before, else the browser's, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(STORED_AS, language);
  }, [language]);
  const { words, serverWords } = languages[language];
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

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(STORED_AS), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag): tag is Language => tag !== null && Object.hasOwn(languages, tag)) ?? 'en';
}
