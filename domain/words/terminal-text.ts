import { shownText } from './shown-text.ts';

/** Text from outside must neither change the direction of the line nor send control sequences to the terminal. */
export function terminalLine(text: string): string {
  return shownText(text).replace(/\p{Cc}/gu, '\uFFFD');
}

/** As `terminalLine`, for a text of several lines: they stay, and tabs become spaces. */
export function terminalText(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => terminalLine(line.replaceAll('\t', '    ')))
    .join('\n');
}
