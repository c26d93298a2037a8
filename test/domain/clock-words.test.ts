import { expect, it } from 'vitest';
import { clockDiffers, clockDiffersDe } from '../../domain/words/clock-words.ts';

it.each([
  [7_380, "This server's clock is 2 hours 3 minutes behind Microsoft's."],
  [-61, "This server's clock is 1 minute 1 second ahead of Microsoft's."],
  [90_061, "This server's clock is 1 day 1 hour behind Microsoft's."],
  [0, "This server's clock is 0 seconds ahead of Microsoft's."],
])('%i seconds are told in English: %s', (seconds, words) => {
  expect(clockDiffers(seconds)).toBe(words);
});

it('and in German', () => {
  expect(clockDiffersDe(7_380)).toBe(
    'Die Uhr dieses Servers geht gegenüber der von Microsoft 2 Stunden 3 Minuten nach.',
  );
  expect(clockDiffersDe(-3_600)).toBe('Die Uhr dieses Servers geht gegenüber der von Microsoft 1 Stunde vor.');
});
