/** Characters of a text that an editor takes at once: some hundred pages, for a second or two. */
export const MOST_PASTED_CHARACTERS = 500_000;
/** The same text with the formatting that Word and Excel write around every few words. */
const MOST_HTML_CHARACTERS = 4_000_000;

/** True for a text from the clipboard that belongs into a file. */
export function isTooLongToPaste(data: { getData(type: string): string }): boolean {
  return (
    data.getData('text/plain').length > MOST_PASTED_CHARACTERS ||
    data.getData('text/html').length > MOST_HTML_CHARACTERS
  );
}
