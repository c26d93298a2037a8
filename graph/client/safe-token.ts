/**
 * Lets a code or an id from outside pass when it can be nothing else, and drops it otherwise: such values reach logs
 * and failure messages, free text must not. At most 100 letters, digits, `_`, `.` and `-`.
 */
export function safeToken(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,100}$/.test(value) ? value : undefined;
}
