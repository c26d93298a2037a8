/**
 * Makes any text storable without losing the message that it belongs to: PostgreSQL refuses NUL, and a lone surrogate
 * has no UTF-8 form. Both become U+FFFD, the sign that something unreadable stood here.
 */
export function storableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}
