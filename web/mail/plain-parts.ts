import { beginsWithHeaders, FIRST_HEADER, isAttribution, ORIGINAL_MESSAGE } from './quote-marks.ts';

/** A part of a plain text: what the author wrote, or a quote that is folded. */
export interface PlainPart {
  readonly kind: 'written' | 'quoted';
  readonly text: string;
  /** Lines with words. */
  readonly lines: number;
}

/** A shorter quote is not folded: at the end of a mail, and between answers, where it is their context. */
const FEWEST_LINES_AT_END = 3;
const FEWEST_LINES_BETWEEN = 10;
/** Mail programs break the line with the author of a quote, at most into these. */
const ATTRIBUTION_LINES = 3;
/** Headers that Outlook writes before what it quotes. */
const HEADER_LINES = 6;

/** The parts of a plain text, in order; joined they are the text again. */
export function plainParts(text: string): readonly PlainPart[] {
  const lines = text.split('\n');
  const parts: PlainPart[] = [];
  let writtenFrom = 0;
  const take = (kind: PlainPart['kind'], from: number, to: number) => {
    if (to > from) parts.push(partOf(kind, lines.slice(from, to)));
  };
  const history = findHistory(lines);
  for (let at = 0; at < history; ) {
    if (!isQuoted(lines[at])) {
      at += 1;
      continue;
    }
    const from = attributionBefore(lines, at, writtenFrom);
    const to = endOfQuote(lines, at, history);
    const isAtEnd = lines.slice(to, history).every(isBlank) && history === lines.length;
    const fewest = isAtEnd ? FEWEST_LINES_AT_END : FEWEST_LINES_BETWEEN;
    if (
      to - at >= fewest &&
      lines
        .slice(0, from)
        .concat(lines.slice(to))
        .some((line) => !isBlank(line))
    ) {
      take('written', writtenFrom, from);
      take('quoted', from, to);
      writtenFrom = to;
    }
    at = to;
  }
  take('written', writtenFrom, history);
  take('quoted', history, lines.length);
  return parts;
}

function partOf(kind: PlainPart['kind'], lines: readonly string[]): PlainPart {
  return { kind, text: lines.join('\n'), lines: lines.filter((line) => !isBlank(line)).length };
}

/** Where everything that follows is quoted: after Outlook's headers. The number of lines when there is none. */
function findHistory(lines: readonly string[]): number {
  let hasWords = false;
  for (const [at, line] of lines.entries()) {
    const begins =
      ORIGINAL_MESSAGE.test(line) ||
      (FIRST_HEADER.test(line) && beginsWithHeaders(lines.slice(at, at + HEADER_LINES).join('\n')));
    if (begins && hasWords) return isRule(lines[at - 1]) ? at - 1 : at;
    if (begins) return lines.length;
    hasWords ||= !isBlank(line) && !isRule(line);
  }
  return lines.length;
}

function attributionBefore(lines: readonly string[], quote: number, from: number): number {
  let at = quote;
  while (at > from && isBlank(lines[at - 1])) at -= 1;
  for (let n = 1; n <= ATTRIBUTION_LINES && at - n >= from; n += 1) {
    if (isAttribution(lines.slice(at - n, at).join(' '))) return at - n;
  }
  return quote;
}

function endOfQuote(lines: readonly string[], from: number, most: number): number {
  let end = from + 1;
  for (let at = end; at < most && (isQuoted(lines[at]) || isBlank(lines[at])); at += 1) {
    if (isQuoted(lines[at])) end = at + 1;
  }
  return end;
}

function isQuoted(line = ''): boolean {
  return /^ ?>(?!-)/.test(line);
}

function isBlank(line = ''): boolean {
  return line.trim() === '';
}

function isRule(line = ''): boolean {
  return /^\s*[_-]{8,}\s*$/.test(line);
}

/** Consecutive lines that make a table or a drawing. */
const FEWEST_TABLE_LINES = 3;
const aligned = /\S {3,}\S.* {3,}\S|\S {4,}\S|\t\S.*\t|[\u2500-\u259F]|^\s*[|+].*[|+]\s*$|^ {4}.*[{};]\s*$/;

/** Whether columns of a text stand below each other only in letters of one width: tables, drawings, code. */
export function needsFixedWidth(text: string): boolean {
  let run = 0;
  for (const line of text.split('\n', 5_000)) {
    run = aligned.test(line.slice(0, 500)) ? run + 1 : 0;
    if (run >= FEWEST_TABLE_LINES) return true;
  }
  return false;
}
