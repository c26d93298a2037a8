/**
 * Passes a code or an id from outside, and drops anything else: such values reach logs and failure messages, free text
 * must not. At most 100 letters, digits, `_`, `.` and `-`.
 */
export function safeToken(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,100}$/.test(value) ? value : undefined;
}
