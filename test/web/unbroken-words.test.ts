import { describe, expect, it } from 'vitest';
import { withoutBreaks } from '../../web/unbroken-words.ts';

describe('German words', () => {
  it('keep E-Mail on one line, and may break behind other hyphens', () => {
    expect(withoutBreaks('E-Mail')).toBe('E-\u2060Mail');
    expect(withoutBreaks('Zwei E-Mails, die E-Mail-Adresse und ein API-Schlüssel')).toBe(
      'Zwei E-\u2060Mails, die E-\u2060Mail-Adresse und ein API-Schlüssel',
    );
    expect(withoutBreaks('TYPE-Mail')).toBe('TYPE-Mail');
  });
});
