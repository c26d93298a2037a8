/** Turn the direction of what follows: embeddings, overrides, isolates and their ends. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;
/** Marks without width that count as a letter of one direction: they move what stands beside them. */
const MARKS = /[\u200E\u200F\u061C]/g;

/**
 * A text of strangers as it is shown beside ours, without the invisible characters that turn the direction of writing:
 * with them a sender reads like another one, and what follows it backwards. What is stored keeps them.
 */
export function shownText(text: string): string {
  return text.replace(TURNS, '').replace(MARKS, '');
}

/** The name of a file. What was hidden in it shows, because `gpj.exe` may be meant to read as `exe.jpg`. */
export function shownFileName(name: string): string {
  return name.replace(TURNS, '\uFFFD').replace(MARKS, '');
}
