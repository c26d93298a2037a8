import { describe, expect, it } from 'vitest';
import { formatEventTime, formatOfSeries, formatRecurrence } from '../../web/mail/format-event.ts';
import { mail as german } from '../../web/words/de/mail.ts';
import { mail } from '../../web/words/en/mail.ts';

const at = (utc: string | null, local: string, zone: string | null = null) => ({ at: utc, local, zone });
const plain = (text: string) => text.replace(/[\u2009\u202f]/g, ' ');

describe('when an event takes place', () => {
  it('is said by the reader’s clock, and by the organiser’s where that shows another time', () => {
    const shown = formatEventTime(
      {
        start: at('2026-12-01T15:00:00Z', '2026-12-01T10:00:00', 'America/New_York'),
        end: at('2026-12-01T16:30:00Z', '2026-12-01T11:30:00', 'America/New_York'),
        isAllDay: false,
      },
      'en-GB',
      mail.event,
    );
    expect(shown.map(({ zone }) => zone)).toEqual([undefined, 'America/New_York']);
    expect(plain(shown[1]?.time ?? '')).toContain('10:00–11:30');
  });

  it('is said once where both clocks show the same', () => {
    const start = new Date(2026, 11, 1, 9, 30);
    const local = '2026-12-01T09:30:00';
    const event = { start: at(start.toISOString(), local, 'Europe/Berlin'), end: null, isAllDay: false };
    expect(formatEventTime(event, 'en-GB', mail.event)).toHaveLength(1);
  });

  it('is a day without a time for whole days, and both ends of several', () => {
    const oneDay = { start: at(null, '2026-12-24'), end: at(null, '2026-12-25'), isAllDay: true };
    expect(formatEventTime(oneDay, 'en-GB', mail.event)).toEqual([{ time: 'Thursday, 24 December 2026, all day' }]);
    const three = { start: at(null, '2026-12-24'), end: at(null, '2026-12-27'), isAllDay: true };
    expect(plain(formatEventTime(three, 'en-GB', mail.event)[0]?.time ?? '')).toMatch(/24.*26 December 2026, all day/);
  });

  it('is its beginning where the end is before it, and as written where it is no day of a calendar', () => {
    const backwards = {
      start: at('2026-12-01T10:00:00Z', '2026-12-01T10:00:00'),
      end: at('2026-11-01T09:00:00Z', '2026-11-01T09:00:00'),
      isAllDay: false,
    };
    expect(formatEventTime(backwards, 'en-GB', mail.event)[0]?.time).not.toContain('November');
    const none = { start: at(null, '-1-11-30'), end: null, isAllDay: true };
    expect(formatEventTime(none, 'en-GB', mail.event)).toEqual([{ time: '-1-11-30' }]);
  });

  it('is when a task is due that has no beginning', () => {
    const task = { start: null, end: at(null, '2026-12-10T10:00:00'), isAllDay: false };
    expect(formatEventTime(task, 'en-GB', mail.event)).toEqual([{ time: 'Thursday, 10 December 2026 at 10:00' }]);
  });

  it('is what the invitation says where its zone is not known, and nothing where it names no time', () => {
    const floating = { start: at(null, '2026-12-01T10:00:00', 'Their Office'), end: null, isAllDay: false };
    expect(formatEventTime(floating, 'en-GB', mail.event)).toEqual([{ time: 'Tuesday, 1 December 2026 at 10:00' }]);
    expect(formatEventTime({ start: null, end: null, isAllDay: false }, 'en', mail.event)).toEqual([]);
  });
});

describe('how an event repeats', () => {
  const once = { frequency: 'WEEKLY', interval: 1, days: [], count: null, until: null, except: [] };

  it.each([
    [once, 'every week', 'jede Woche'],
    [
      { ...once, interval: 2, days: ['MO', 'WE'], count: 10 },
      'every 2 weeks on Monday and Wednesday, 10 times',
      'alle 2 Wochen am Montag und Mittwoch, 10-mal',
    ],
    [
      { ...once, frequency: 'MONTHLY', days: ['-1FR'], until: '2027-03-31T12:00:00Z' },
      'every month on the last Friday, until 31 March 2027',
      'jeden Monat am letzten Freitag, bis 31. März 2027',
    ],
    [{ ...once, frequency: 'HOURLY', days: ['XX'] }, 'repeatedly', 'wiederholt'],
    [
      { ...once, except: [at('2026-12-08T12:00:00Z', '2026-12-08T13:00:00'), at(null, '2026-12-22')] },
      'every week, except on 8 December 2026 and 22 December 2026',
      'jede Woche, außer am 8. Dezember 2026 und 22. Dezember 2026',
    ],
  ])('%j', (recurrence, english, inGerman) => {
    expect(formatRecurrence(recurrence, 'en-GB', mail.event)).toBe(english);
    expect(formatRecurrence(recurrence, 'de', german.event)).toBe(inGerman);
  });

  it('counts dates on which it does not take place, where they are many', () => {
    const days = (n: number) => Array.from({ length: n }, (_, day) => at(null, `2026-12-0${day + 1}`));
    const shown = (n: number) => formatRecurrence({ ...once, except: days(n) }, 'en-GB', mail.event);
    expect(shown(6)).toMatch(/5 December 2026 and 6 December 2026$/);
    expect(shown(7)).toMatch(/5 December 2026 and 2 other days$/);
  });
});

describe('one date of a series', () => {
  const event = { start: at('2026-12-08T10:00:00Z', '2026-12-08T10:00:00'), isAllDay: false };

  it('says that it is about no other, whatever zone it is written in', () => {
    const same = { ...event, replaces: at('2026-12-08T10:00:00Z', '2026-12-08T11:00:00', 'Europe/Berlin') };
    expect(formatOfSeries(same, 'en-GB', mail.event)).toBe('This date only');
    expect(formatOfSeries({ ...same, start: null }, 'de', german.event)).toBe('Nur dieser Termin');
  });

  it('says for which one it stands', () => {
    const moved = { ...event, replaces: at(null, '2026-12-07T10:00:00', 'Their Office') };
    expect(formatOfSeries(moved, 'en-GB', mail.event)).toBe('Instead of Monday, 7 December 2026 at 10:00');
  });
});
