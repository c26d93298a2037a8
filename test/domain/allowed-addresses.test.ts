import { describe, expect, it } from 'vitest';
import { isAllowed, parseAllowed } from '../../domain/allowed-addresses.ts';

describe('the mailboxes that may be connected', () => {
  it.each([
    ['contoso.example', 'contoso.example'],
    [' Contoso.EXAMPLE. ', 'contoso.example'],
    ['@contoso.example', 'contoso.example'],
    ['*.contoso.example', '*.contoso.example'],
    ['Desk@Contoso.Example', 'desk@contoso.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['desk@xn--bcher-kva.example', 'desk@xn--bcher-kva.example'],
  ])('are named by %j', (text, entry) => {
    expect(parseAllowed(text)).toBe(entry);
  });

  it.each([
    '',
    '@',
    '*',
    '*.',
    'localhost',
    'a b.example',
    '*@contoso.example.*',
    'con*.example',
    '127.0.0.1',
    'contoso.example:80',
    'contoso.example/x',
    'contoso.example#',
    'contoso%2eexample',
    'a@b@c.example',
    '..example',
  ])('are not named by %j', (text) => {
    expect(parseAllowed(text)).toBeUndefined();
  });

  it('are all, where none are named', () => {
    expect(isAllowed('anyone@anywhere.example', [])).toBe(true);
  });

  it('are compared whole: case, punycode and the dot of the root make no difference, everything else does', () => {
    const allowed = ['contoso.example', '*.fabrikam.example', 'desk@northwind.example', 'xn--bcher-kva.example'];
    const inside = [
      'a@contoso.example',
      'A@CONTOSO.EXAMPLE',
      'a@contoso.example.',
      'a+tag@contoso.example',
      'a@shop.fabrikam.example',
      'a@deep.shop.fabrikam.example',
      'DESK@northwind.example',
      'a@bücher.example',
    ];
    const outside = [
      'a@shop.contoso.example',
      'a@notcontoso.example',
      'a@contoso.example.evil.example',
      'contoso.example@evil.example',
      'a@contoso.example@evil.example',
      'a@fabrikam.example',
      'a@evilfabrikam.example',
      'desk+x@northwind.example',
      'other@northwind.example',
      'a@bucher.example',
      'a@сontoso.example',
      '@contoso.example',
      'contoso.example',
      'a@contoso.example#@evil.example',
    ];
    expect(inside.filter((address) => !isAllowed(address, allowed))).toEqual([]);
    expect(outside.filter((address) => isAllowed(address, allowed))).toEqual([]);
  });
});
