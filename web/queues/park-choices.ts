export const parkChoices = ['customer', 'hour', 'tomorrow', 'monday', 'moment'] as const;
export type ParkChoice = (typeof parkChoices)[number];

const MORNING_HOUR = 9;
const MONDAY = 1;

/**
 * Until when a choice parks, in the time zone of the browser; undefined: until the customer writes. `moment`: the value
 * of a date and time field. On a Monday, *Monday* is the next one.
 */
export function parkedUntil(choice: ParkChoice, moment: string, now: Date): Date | undefined | 'missing' {
  switch (choice) {
    case 'customer':
      return undefined;
    case 'hour':
      return new Date(now.getTime() + 3_600_000);
    case 'tomorrow':
      return morningIn(1, now);
    case 'monday':
      return morningIn(((MONDAY - now.getDay() + 6) % 7) + 1, now);
    case 'moment': {
      const chosen = new Date(moment);
      return chosen.getTime() > now.getTime() ? chosen : 'missing';
    }
  }
}

/** By the calendar, so that a change of the clocks moves nothing. */
function morningIn(days: number, now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING_HOUR);
}
