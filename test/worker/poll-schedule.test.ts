import { expect, test } from 'vitest';
import { createPollSchedule } from '../../worker/poll-schedule.ts';

function aSchedule() {
  let now = 1_000;
  const schedule = createPollSchedule(() => now);
  return { schedule, pass: (ms: number) => (now += ms) };
}
const everything = () => true;

test('the longest overdue come first, as many as there are places, and the rest stays', () => {
  const { schedule, pass } = aSchedule();
  schedule.plan('soon', 50);
  schedule.plan('overdue', -100);
  schedule.plan('now', 0);
  schedule.plan('later', 1_000);
  expect(schedule.take(1, everything)).toEqual(['overdue']);
  pass(50);
  expect(schedule.take(5, everything)).toEqual(['now', 'soon']);
  expect(schedule.nextInMs()).toBe(950);
});

test('an earlier time counts, a later one does not take its place', () => {
  const { schedule } = aSchedule();
  schedule.plan('one', 500);
  schedule.plan('one', 0);
  schedule.plan('one', 900);
  expect(schedule.take(5, everything)).toEqual(['one']);
  expect(schedule.nextInMs()).toBe(Number.POSITIVE_INFINITY);
});

test('what is not wanted any more is forgotten, and takes no place', () => {
  const { schedule } = aSchedule();
  for (const name of ['a', 'b', 'c']) schedule.plan(name, 0);
  expect(schedule.take(1, (name) => name !== 'a')).toEqual(['b']);
  schedule.keep((name) => name === 'x');
  expect(schedule.nextInMs()).toBe(Number.POSITIVE_INFINITY);
});
