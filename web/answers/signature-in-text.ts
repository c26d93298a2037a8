/** The line before a signature in plain text (RFC 3676, 4.3). */
export const SIGNATURE_LINE = '-- ';

/** A plain text without its signature. */
export function withoutSignature(text: string): string {
  const lines = text.split('\n');
  const at = lines.lastIndexOf(SIGNATURE_LINE);
  return (at < 0 ? lines : lines.slice(0, at)).join('\n');
}
