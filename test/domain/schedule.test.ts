import { expect, test } from 'vitest';
import { deltaRetryMs, mailboxGoneRetryMs } from '../../domain/schedule.ts';

test('a mailbox that is not found is asked for again in seconds, then later each time, up to ten minutes', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7].map((attempt) => mailboxGoneRetryMs(attempt) / 1_000);
  expect(seconds).toEqual([5, 15, 45, 135, 405, 600, 600]);
});

test('delta that does not work is tried again after a minute, then twice as late each time, up to an hour', () => {
  expect([1, 2, 3, 7, 20].map((failures) => deltaRetryMs(failures) / 60_000)).toEqual([1, 2, 4, 60, 60]);
});
