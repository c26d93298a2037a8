import type { Plugin } from 'vite';

/** Files of German words: those of the pages, and those that they share with the API. */
const GERMAN_WORDS = /\/words\/(de\/.+|de|server-words|.+-de)\.ts$/;

/** *E-Mail* with a word joiner behind its hyphen, where browsers would break the line. */
export function withoutBreaks(german: string): string {
  return german.replace(/\bE-(?=Mail)/g, 'E-\u2060');
}

/** Keeps *E-Mail* on one line on German pages. */
export function unbrokenWords(): Plugin {
  return {
    name: 'unbroken-words',
    transform: {
      filter: { id: GERMAN_WORDS },
      handler: (code) => ({ code: withoutBreaks(code), map: null }),
    },
  };
}
