import { expect, it } from 'vitest';
import { shownSubject } from '../../web/parts/shown-subject.ts';

it.each(['', ' ', '\u200B\u200B\u00AD'])('gives the words for no subject in the place of %j', (subject) => {
  expect(shownSubject(subject, '(no subject)')).toBe('(no subject)');
});

it('gives a subject as it was written', () => {
  expect(shownSubject(' Re: \u200B5 ', '(no subject)')).toBe(' Re: \u200B5 ');
});
