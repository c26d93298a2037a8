import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storableText } from '../../domain/storable-text.ts';

describe('storable text', () => {
  it('marks where NUL bytes and lone surrogates stood', () => {
    expect(storableText('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc');
  });

  it('leaves every other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'));
        expect(storableText(text)).toBe(text);
      }),
    );
  });
});
