import { describe, expect, it } from 'vitest';
import { wordsOfHtml, wordsOfText } from '../../api/answers/clean-html.ts';
import { announcesAttachment } from '../../domain/announced-attachment.ts';

describe('an announced attachment', () => {
  it.each([
    'Please find attached the invoice.',
    'See the attachment',
    'I have enclosed our terms.',
    'Anbei die Rechnung.',
    'Die Rechnung finden Sie im Anhang.',
    'Anliegend erhalten Sie den Vertrag.',
    'Das Formular habe ich beigefügt.',
    'Ich füge Ihnen das Formular bei.',
    'angehaengt finden Sie die Liste',
    'in der Anlage',
  ])('is noticed: %s', (text) => expect(announcesAttachment(text)).toBe(true));

  it.each([
    'Thank you for your attachment.',
    'I am attachable.',
    'Ihre Anlage läuft wieder.',
    'Die Heizungsanlage ist repariert.',
    'Ihr Anhang ist angekommen.',
    'ohne Anhang',
    'Ich rufe Sie an.',
  ])('is not: %s', (text) => expect(announcesAttachment(text)).toBe(false));

  it('counts neither in quotes nor in a signature', () => {
    const html = (inner: string) => announcesAttachment(wordsOfHtml(`<p>Hello</p>${inner}`));
    expect(html('<p>see attached</p>')).toBe(true);
    expect(html('<blockquote><p>see attached</p></blockquote>')).toBe(false);
    expect(html('<div class="mailroom-signature"><p>Our terms are attached</p></div>')).toBe(false);
    expect(announcesAttachment(wordsOfText('Hello\nsee attached'))).toBe(true);
    expect(announcesAttachment(wordsOfText('Hello\n> see attached\n-- \nattached: our terms'))).toBe(false);
  });
});
