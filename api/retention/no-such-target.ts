import type { HoldScope } from '../../domain/retention.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';

/** What a hold or an erasure names does not exist. */
export function noSuchTarget(scope: HoldScope): Problem {
  return new Problem('values-refused', 'There is no such account or item.', {
    errors: [valueProblem(scope === 'account' ? '/accountId' : '/itemId', 'not-acceptable')],
  });
}
