import { Problem } from '../http/problem.ts';
import { type ValueProblem, valueProblem } from '../http/value-problem.ts';

interface WrittenRouting {
  readonly defaultQueueId?: string | null | undefined;
  readonly rules: readonly { readonly queueId: string }[];
}

/** Throws when a routing names queues that do not exist. `base`: JSON pointer to the routing in the body. */
export function refuseMissingQueues(routing: WrittenRouting, names: ReadonlyMap<string, string>, base: string): void {
  const errors = queueProblems(routing, (id) => !names.has(id), base);
  if (errors.length > 0) throw missingQueues(errors);
}

export function queueProblems(
  { defaultQueueId, rules }: WrittenRouting,
  isMissing: (id: string) => boolean,
  base: string,
): ValueProblem[] {
  const errors = rules.flatMap(({ queueId }, index) =>
    isMissing(queueId) ? [valueProblem(`${base}/rules/${index}/queueId`, 'no-queue')] : [],
  );
  if (typeof defaultQueueId === 'string' && isMissing(defaultQueueId)) {
    errors.unshift(valueProblem(`${base}/defaultQueueId`, 'no-queue'));
  }
  return errors;
}

export function missingQueues(errors: readonly ValueProblem[]): Problem {
  const where = errors.map(({ path }) => path).join(', ');
  return new Problem('queue-missing', `No such queue: ${where}. Take the id from GET /api/v1/queues.`, {
    errors,
  });
}
