import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import { de } from './words/de.ts';
import { en, type PageWords } from './words/en.ts';

/** The first is the fallback. To add a language, write a file like `words/en.ts` and list it here. */
const languages: readonly PageWords[] = [en, de];

/** The words in the reader's language: the best match of Accept-Language (RFC 9110, section 12.5.4), else English. */
export function pageWords(request: { readonly headers: IncomingHttpHeaders }): PageWords {
  const best = new Negotiator(request).language(languages.map(({ language }) => language));
  return languages.find(({ language }) => language === best) ?? en;
}
