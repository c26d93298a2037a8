import { expect, it } from 'vitest';
import { trimInvisible } from '../../domain/words/invisible-text.ts';

it.each([
  ['blanks and line ends', '\t Refunds \r\n', 'Refunds'],
  ['what a page or a mail leaves at the ends', '\uFEFF\u200BRefunds\u00AD\u2060 ', 'Refunds'],
])('trims %s', (_what, text, trimmed) => {
  expect(trimInvisible(text)).toBe(trimmed);
});

it.each(['\u200B', '\u200E \u2060', '\u3164', '\u2800', '\uFE0F'])(
  'leaves nothing of %j, which shows nothing',
  (text) => {
    expect(trimInvisible(text)).toBe('');
  },
);

it.each(['❤\uFE0F', 'نامه\u200Cها', 'Rück\u00ADgabe', '😀'])('keeps all of %s', (text) => {
  expect(trimInvisible(text)).toBe(text);
});
