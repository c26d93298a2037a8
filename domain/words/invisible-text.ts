/** What pages and mails leave at the ends of copied text. Marks that belong to a character, such as U+FE0F, stay. */
const invisibleEnds = /^[\s\u00AD\u200B\u2060\uFEFF]+|[\s\u00AD\u200B\u2060\uFEFF]+$/g;
const onlyInvisible = /^[\s\u2800\p{Default_Ignorable_Code_Point}]*$/u;

/**
 * Trims blanks, and characters of no width at either end. Empty, if the text shows nothing at all: a name of such
 * characters alone would be a blank in every list.
 */
export function trimInvisible(text: string): string {
  return showsNothing(text) ? '' : text.replace(invisibleEnds, '');
}

/** Whether a person sees nothing of the text: it is empty, or blanks and characters of no width. */
export function showsNothing(text: string): boolean {
  return onlyInvisible.test(text);
}
