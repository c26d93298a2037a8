import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createTroubleLog } from '../../worker/trouble-log.ts';

it('logs an outage once a minute, with its failures, and that it is over', () => {
  const lines: { msg: string; failures: number; level: number }[] = [];
  let nowMs = 0;
  const trouble = createTroubleLog(
    pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    'search.could-not-index',
    () => nowMs,
  );
  trouble.worked();
  expect(lines).toEqual([]);
  for (; nowMs < 90_000; nowMs += 2_000) trouble.failed(new Error('not for a log'));
  trouble.worked();
  trouble.worked();
  trouble.failed(new Error('again'));
  expect(lines.map(({ level, msg, failures }) => [level, msg, failures])).toEqual([
    [40, 'search.could-not-index', 1],
    [40, 'search.could-not-index', 31],
    [30, 'search.resumed', 45],
    [40, 'search.could-not-index', 1],
  ]);
  expect(JSON.stringify(lines)).not.toContain('not for a log');
});
