import type { Operation } from '../record/operation.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

const UNEXPECTED = 500;

/** The API has an answer for every outage; a 500 is a case that the code does not handle. */
export function checkAnswers(operations: readonly Operation[]): readonly Finding[] {
  return operations
    .filter(({ status }) => status === UNEXPECTED)
    .map(({ do: what, actor, start, end }) => ({
      verdict: 'unexpected error',
      what: `${what} of ${actor}, asked at ${moment(start)}, answered 500 at ${moment(end)}`,
    }));
}
