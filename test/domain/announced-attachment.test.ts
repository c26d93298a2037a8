import { describe, expect, it } from 'vitest';
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
});
