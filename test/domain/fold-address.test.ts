import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldAddress } from '../../domain/fold-address.ts';

describe('an address', () => {
  it('is the same in capital letters', () => {
    expect(foldAddress('Ada.LOVELACE@Contoso.Example')).toBe('ada.lovelace@contoso.example');
  });

  it.each([
    ['\u212Aate@contoso.example', 'kate@contoso.example'],
    ['ro\u017Fe@contoso.example', 'rose@contoso.example'],
    ['\u0130@contoso.example', 'i@contoso.example'],
    ['\uFF21@contoso.example', 'a@contoso.example'],
    ['stra\u1E9Ee@contoso.example', 'stra\u00DFe@contoso.example'],
    ['\u00C4rger@contoso.example', '\u00E4rger@contoso.example'],
  ])('is not another one that Unicode folds to it: %j, %j', (one, other) => {
    expect(foldAddress(one)).not.toBe(foldAddress(other));
  });

  it('never becomes one of ASCII when it is none', () => {
    const isAscii = (text: string) => /^\p{ASCII}*$/u.test(text);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isAscii(foldAddress(text))).toBe(isAscii(text));
        expect(foldAddress(foldAddress(text))).toBe(foldAddress(text));
      }),
    );
  });
});
