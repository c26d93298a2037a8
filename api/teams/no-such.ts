import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';

/** The refusal of a list of ids in which some name nothing. */
export function noSuch(what: 'users' | 'queues' | 'teams', pointer: string): Problem {
  return new Problem('values-refused', `Some of these ids name nothing. Take them from GET /api/v1/${what}.`, {
    errors: [valueProblem(pointer, 'not-acceptable')],
  });
}
