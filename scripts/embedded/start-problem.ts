/**
 * Why the stack does not start, for the person who started it: what is wrong and what to do. Printed without a stack
 * trace.
 */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
}

/** The message of any thrown value. An AggregateError, as of a refused connection, has its messages inside. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
