import { z } from 'zod';
import { isTimeZone } from '../../domain/business-hours.ts';
import type { QueueTarget } from '../../domain/queue-target.ts';
import { refusedAs } from '../http/value-problem.ts';

/** A year. */
const MOST_MINUTES = 525_600;

const Minutes = z.int().min(1).max(MOST_MINUTES).nullable();
const MinuteOfDay = z.int().min(0).max(1_440);

export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, refusedAs('no-time-zone'))
  .meta({ description: 'IANA name.', examples: ['Europe/Berlin'] });

const minutes = {
  firstAnswerMinutes: Minutes.meta({ description: 'Until the first answer. Null: no such target.' }),
  resolutionMinutes: Minutes.meta({ description: 'Until the item is completed. Null: no such target.' }),
};
const holidays = z.array(z.iso.date()).max(400).meta({ description: 'Days on which no minutes count.' });
const week = {
  description:
    'When minutes count, by day of the week from Sunday on: minutes after midnight. `to` before `from`: until that time ' +
    'of the next day.',
};
const roundTheClock = { description: 'Null: round the clock.' };
const examples = [{ firstAnswerMinutes: 240, resolutionMinutes: null, hours: null }];

/** How soon a queue's mail is to be dealt with, as it is entered. */
export const TargetChange = z
  .strictObject({
    ...minutes,
    hours: z
      .strictObject({
        timeZone: TimeZone,
        week: z
          .array(z.array(z.strictObject({ from: MinuteOfDay, to: MinuteOfDay })).max(4))
          .length(7)
          .meta(week),
        holidays,
      })
      .nullable()
      .meta(roundTheClock),
  })
  .meta({ id: 'QueueTargetChange', examples });

/** As it is stored, perhaps with more of a newer release. */
export const Target = z
  .object({
    ...minutes,
    hours: z
      .object({
        timeZone: z.string(),
        week: z.array(z.array(z.object({ from: z.int(), to: z.int() }))).meta(week),
        holidays: z.array(z.string()).meta({ description: 'Days on which no minutes count.' }),
      })
      .nullable()
      .meta(roundTheClock),
  })
  .meta({ id: 'QueueTarget', examples });

/** The target as it is shown. */
export function targetAnswer(target: QueueTarget | null): z.output<typeof Target> | null {
  if (target?.hours == null) return target && { ...target, hours: null };
  const { timeZone, week, holidays } = target.hours;
  return { ...target, hours: { timeZone, week: week.map((day) => [...day]), holidays: [...holidays] } };
}
