import { type HtmlText, htmlText } from './html-text.ts';

/** The task of a thread of `createBodyTexts`. */
export default function convert([html, mostCharacters]: readonly [string, number]): HtmlText {
  return htmlText(html, mostCharacters);
}
