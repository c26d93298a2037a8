import { type DayOnBoard, handledByDay } from '../../database/board/board.ts';
import type { Database } from '../../database/database.ts';
import type { Reach } from '../../domain/reach.ts';
import { BYTE_ORDER_MARK, csvLine } from './csv.ts';

/** Days that are counted at once: neither a year nor a long statement is waited for. */
const DAYS_OF_A_READ = 7;

const HEAD = ['day', 'queue', 'handled', 'first_answer_p50_seconds', 'first_answer_p90_seconds'];

/** What was handled on each of the last days in each queue, as CSV, the newest first. */
export async function* handledLines(
  db: Database,
  { timeZone, days, reach }: { readonly timeZone: string; readonly days: number; readonly reach: Reach },
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(HEAD);
  for (let to = 0; to < days; to += DAYS_OF_A_READ) {
    const from = Math.min(to + DAYS_OF_A_READ, days) - 1;
    const read = await handledByDay(db, { timeZone, days: { from, to }, byQueue: true, reach });
    if (read.length > 0) yield read.map(lineOf).join('');
  }
}

function lineOf({ day, queueName, handled, firstAnswerP50Seconds, firstAnswerP90Seconds }: DayOnBoard): string {
  return csvLine([day, queueName ?? '', handled, rounded(firstAnswerP50Seconds), rounded(firstAnswerP90Seconds)]);
}

function rounded(seconds: number | null): number | '' {
  return seconds === null ? '' : Math.round(seconds);
}
