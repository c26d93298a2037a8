import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import { de } from './words/de.ts';
import { en, type PageWords } from './words/en.ts';

/** The first one is for readers of none of them. Another language is a file like `words/en.ts`, and its place here. */
const languages: readonly PageWords[] = [en, de];

/** The words for who reads: the best match of Accept-Language (RFC 9110, section 12.5.4), else English. */
export function pageWords(request: { readonly headers: IncomingHttpHeaders }): PageWords {
  const best = new Negotiator(request).language(languages.map(({ language }) => language));
  return languages.find(({ language }) => language === best) ?? en;
}
