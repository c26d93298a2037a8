import { type HtmlText, htmlText } from './html-text.ts';

/** What a thread of `createBodyTexts` runs. */
export default function convert([html, mostCharacters]: readonly [string, number]): HtmlText {
  return htmlText(html, mostCharacters);
}
