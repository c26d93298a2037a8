/** By which Excel recognises UTF-8, at the beginning of a file. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A line of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV Injection). */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
