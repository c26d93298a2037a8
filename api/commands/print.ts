import { terminalLine, terminalText } from '../../domain/words/terminal-text.ts';

/** A subject may have thousands of characters. */
const SUBJECT_CHARACTERS = 80;
/** C1 controls and characters that turn the direction of writing: JSON leaves them as they are, terminals obey them. */
const UNSAFE_IN_JSON = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Prints rows below their head, each column as wide as its longest cell. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, ...rows].map((line) => line.map(terminalLine));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** Prints a text of several lines. */
export function printText(text: string): void {
  console.log(terminalText(text));
}

/** Prints a text of several lines on stderr: stdout is for results. */
export function printNotice(text: string): void {
  console.error(terminalText(text));
}

/** Prints one JSON document, with nothing in it that a terminal would obey. */
export function printJson(value: unknown): void {
  const inAscii = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  console.log(JSON.stringify(value, undefined, 2).replace(UNSAFE_IN_JSON, inAscii));
}

export function shorten(subject: string): string {
  return subject.length > SUBJECT_CHARACTERS ? `${subject.slice(0, SUBJECT_CHARACTERS)}…` : subject;
}

/** A moment to the minute. */
export function minuteOf(time: Date | string | null): string {
  if (time === null) return '-';
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
