import { describe, expect, it } from 'vitest';
import { enteredTarget, targetChange, targetProblem, usualHours } from '../../web/queues/queue-target.ts';
import { board } from '../../web/words/en/board.ts';

const closed: { from: number; to: number }[] = [];
const day = [{ from: 540, to: 1_020 }];
const hours = { timeZone: 'Europe/Berlin', week: [closed, day, day, day, day, day, closed], holidays: ['2026-12-25'] };
const lunch = [
  { from: 480, to: 720 },
  { from: 780, to: 1_080 },
];

describe('the target of a queue in its dialog', () => {
  it.each([
    ['none', null],
    ['round the clock', { firstAnswerMinutes: 240, resolutionMinutes: 90, hours: null }],
    ['business hours', { firstAnswerMinutes: null, resolutionMinutes: 1, hours }],
    [
      'a lunch break',
      { firstAnswerMinutes: 5, resolutionMinutes: null, hours: { ...hours, week: hours.week.with(3, lunch) } },
    ],
    [
      'nights',
      {
        firstAnswerMinutes: 5,
        resolutionMinutes: null,
        hours: { ...hours, week: hours.week.with(6, [{ from: 1_320, to: 360 }]) },
      },
    ],
    ['hours alone', { firstAnswerMinutes: null, resolutionMinutes: null, hours }],
  ])('is saved as it was: %s', (_what, target) => {
    expect(targetProblem(enteredTarget(target), board)).toBeUndefined();
    expect(targetChange(enteredTarget(target))).toEqual(target);
  });

  it('keeps the end of the day, which clocks call midnight', () => {
    const whole = { ...hours, week: hours.week.with(1, [{ from: 0, to: 1_440 }]) };
    const saved = targetChange(enteredTarget({ firstAnswerMinutes: 60, resolutionMinutes: null, hours: whole }));
    expect(saved?.hours?.week[1]).toEqual([{ from: 0, to: 0 }]);
  });

  it.each(['1.5', '1,5'])('takes %s hours', (amount) => {
    const entered = { ...enteredTarget(null), firstAnswer: { amount, unit: 'hours' as const } };
    expect(targetProblem(entered, board)).toBeUndefined();
    expect(targetChange(entered)?.firstAnswerMinutes).toBe(90);
  });

  it.each(['0', '-1', '0.001', 'two', '9000'])('refuses %s hours', (amount) => {
    const entered = { ...enteredTarget(null), firstAnswer: { amount, unit: 'hours' as const } };
    expect(targetProblem(entered, board)).toBe(board.minutesWrong);
  });

  it('refuses hours without a day, without a time, and holidays that are none', () => {
    const usual = usualHours();
    const problemOf = (changed: Partial<typeof usual>) =>
      targetProblem({ ...enteredTarget(null), hours: { ...usual, ...changed } }, board);
    expect(problemOf({})).toBeUndefined();
    expect(problemOf({ week: usual.week.map((each) => ({ ...each, isOpen: false })) })).toBe(board.noDay);
    expect(problemOf({ week: usual.week.with(1, { isOpen: true, from: '', to: '17:00' }) })).toBe(board.hoursWrong);
    for (const wrong of ['25.12.2026', '2026-02-30', 'x']) {
      expect(problemOf({ holidays: ['2026-12-25', wrong] })).toBe(board.holidayWrong(wrong));
    }
  });
});
