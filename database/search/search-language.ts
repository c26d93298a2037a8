import { franc } from 'franc';

/** PostgreSQL's text search configurations by ISO 639-3, as far as franc tells these languages apart. */
const configurations: Readonly<Record<string, string>> = {
  arb: 'arabic',
  dan: 'danish',
  deu: 'german',
  ell: 'greek',
  eng: 'english',
  fin: 'finnish',
  fra: 'french',
  hun: 'hungarian',
  ita: 'italian',
  nld: 'dutch',
  nob: 'norwegian',
  por: 'portuguese',
  ron: 'romanian',
  rus: 'russian',
  spa: 'spanish',
  swe: 'swedish',
  tur: 'turkish',
};
const only = Object.keys(configurations);

/** The beginning decides: further down stand quotations and signatures, and a longer text costs more. */
const CHARACTERS = 600;
/** In shorter texts, languages are taken for one another. */
const LEAST_CHARACTERS = 25;

/** The text search configuration for a text; `simple` when its language is not known. */
export function searchLanguage(text: string): string {
  return configurations[franc(text.slice(0, CHARACTERS), { only, minLength: LEAST_CHARACTERS })] ?? 'simple';
}
