import { Problem, type ValueProblem } from './problem.ts';

interface WrittenRouting {
  readonly defaultQueueId?: string | undefined;
  readonly rules: readonly { readonly queueId: string }[];
}

/** Throws when a routing names queues that do not exist. `base` leads to it in the body. */
export function refuseMissingQueues(routing: WrittenRouting, names: ReadonlyMap<string, string>, base: string): void {
  const errors = queueProblems(routing, (id) => !names.has(id), base);
  if (errors.length > 0) throw missingQueues(errors);
}

export function queueProblems(
  { defaultQueueId, rules }: WrittenRouting,
  isMissing: (id: string) => boolean,
  base: string,
): ValueProblem[] {
  const detail = 'names no queue';
  const errors = rules.flatMap(({ queueId }, index) =>
    isMissing(queueId) ? [{ path: `${base}/rules/${index}/queueId`, detail }] : [],
  );
  if (defaultQueueId !== undefined && isMissing(defaultQueueId)) {
    errors.unshift({ path: `${base}/defaultQueueId`, detail });
  }
  return errors;
}

export function missingQueues(errors: readonly ValueProblem[]): Problem {
  const where = errors.map(({ path }) => path).join(', ');
  return new Problem('unacceptable-values', `No such queue: ${where}. Take the id from GET /api/v1/queues.`, {
    errors,
  });
}
