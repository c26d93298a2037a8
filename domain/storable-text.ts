/**
 * Makes any text storable without losing its message: PostgreSQL refuses NUL, and a lone surrogate has no UTF-8 form.
 * Both become U+FFFD, the sign for something unreadable.
 */
export function storableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}
