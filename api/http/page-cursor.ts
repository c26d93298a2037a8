import { Problem } from './problem.ts';
import { valueProblem } from './value-problem.ts';

/** The start of the next page, as clients carry it: opaque, but not secret. */
export function encodeCursor(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws a 400 for a text that `encodeCursor` did not make. `accepts` checks the parts, as many as were encoded. */
export function decodeCursor(cursor: string, accepts: readonly ((part: string) => boolean)[]): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(parts) &&
      parts.length === accepts.length &&
      parts.every((part, index) => typeof part === 'string' && accepts[index]?.(part))
    ) {
      return parts;
    }
  } catch {
    // Not even JSON: refused below like every other invalid cursor.
  }
  throw new Problem('cursor-unknown', 'The cursor is not one that Mailroom gave. Begin again without it.', {
    errors: [valueProblem('/cursor', 'no-cursor')],
  });
}
