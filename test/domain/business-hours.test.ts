import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBusinessTime, type BusinessHours, isTimeZone, subtractBusinessTime } from '../../domain/business-hours.ts';

const HOUR = 3_600_000;
const office = [{ from: 9 * 60, to: 17 * 60 }];
const berlin: BusinessHours = {
  timeZone: 'Europe/Berlin',
  week: [[], office, office, office, office, office, []],
  holidays: ['2026-12-25'],
};
const add = (start: string, hours: number, calendar = berlin) => {
  const due = addBusinessTime(Date.parse(start), hours * HOUR, calendar);
  return due === undefined ? undefined : new Date(due).toISOString();
};

describe('business hours', () => {
  it.each([
    ['within a day', '2026-11-24T08:30:00Z', 2, '2026-11-24T10:30:00.000Z'],
    ['received before the opening', '2026-11-24T03:00:00Z', 2, '2026-11-24T10:00:00.000Z'],
    ['over a night', '2026-11-24T15:00:00Z', 2, '2026-11-25T09:00:00.000Z'],
    ['over a weekend', '2026-11-27T15:30:00Z', 1, '2026-11-30T08:30:00.000Z'],
    ['over a holiday and a weekend', '2026-12-24T15:00:00Z', 2, '2026-12-28T09:00:00.000Z'],
    ['in summer time', '2026-07-01T07:00:00Z', 1, '2026-07-01T08:00:00.000Z'],
    ['over the end of summer time', '2026-10-23T14:00:00Z', 2, '2026-10-26T09:00:00.000Z'],
    ['that end exactly at closing time', '2026-11-24T14:00:00Z', 2, '2026-11-24T16:00:00.000Z'],
  ])('pass %s', (_name, start, hours, due) => {
    expect(add(start, hours)).toBe(due);
  });

  it('last through the night of a change of clocks, as long as it really is', () => {
    const night = { ...berlin, week: Array.from({ length: 7 }, () => [{ from: 22 * 60, to: 6 * 60 }]), holidays: [] };
    // Clocks go back from 3:00 to 2:00: nine hours from 22:00 to 6:00. In spring they are seven.
    expect(add('2026-10-24T20:00:00Z', 9, night)).toBe('2026-10-25T05:00:00.000Z');
    expect(add('2026-03-28T21:00:00Z', 7, night)).toBe('2026-03-29T04:00:00.000Z');
    expect(add('2026-03-29T00:00:00Z', 1, night)).toBe('2026-03-29T01:00:00.000Z');
  });

  it('never pass where nothing is open', () => {
    expect(add('2026-11-24T08:00:00Z', 1, { ...berlin, week: [] })).toBeUndefined();
    expect(subtractBusinessTime(0, HOUR, { ...berlin, week: [] })).toBeUndefined();
  });

  it('are found again from their end, are as long as they were asked to be, and end later where they begin later', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const spans = fc.array(fc.record({ from: minute, to: minute }), { maxLength: 3 });
    const calendars = fc.record({
      timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'),
      week: fc.array(spans, { minLength: 7, maxLength: 7 }),
      holidays: fc.constant(['2026-03-29', '2026-10-25', '2026-12-25']),
    });
    const moment = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
    const duration = fc.integer({ min: 1, max: 100 * HOUR });
    fc.assert(
      fc.property(
        calendars,
        moment,
        duration,
        fc.integer({ min: 0, max: 48 * HOUR }),
        (calendar, start, length, later) => {
          const due = addBusinessTime(start, length, calendar);
          if (due === undefined) return;
          const limit = subtractBusinessTime(due, length, calendar) ?? Number.NaN;
          expect(addBusinessTime(limit, length, calendar)).toBe(due);
          expect(limit).toBeGreaterThanOrEqual(start);
          expect(addBusinessTime(start + later, length, calendar) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
            due,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('between two moments are what their sum needs', () => {
    const [from, to] = ['2026-11-24T15:00:00Z', '2026-11-25T09:00:00Z'].map(Date.parse) as [number, number];
    expect(addBusinessTime(from, 2 * HOUR, berlin)).toBe(to);
    expect(subtractBusinessTime(to, 2 * HOUR, berlin)).toBe(from);
  });

  it('need a time zone that exists', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Europe/Atlantis')]).toEqual([true, false]);
  });
});
