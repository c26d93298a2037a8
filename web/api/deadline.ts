import { takeEarlyAnswer } from './early-answers.ts';
import { ProblemError } from './problem-error.ts';

/** Longer than the API itself waits for a workflow (8 s), so that its own words arrive where it has any. */
const DEADLINE_MS = 10_000;
/** What asks Microsoft or the identity provider, or reads hundreds of messages. */
const SLOW_DEADLINE_MS = 40_000;
const slow = /\/(settings|settings\/check|routing\/rehearse|sign-out)$/;

/** POST because of their length; they change nothing. */
const harmless = /\/(settings\/check|routing\/try|routing\/rehearse)$/;

/**
 * Like `fetch`, with an end: a server that stands still would be waited for without one. Rejects with ProblemError when no
 * whole answer comes, or one that is not the API's. Of a command nobody knows then whether it was done.
 */
export async function fetchInTime(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isCommand = request.method !== 'GET' && !harmless.test(pathname);
  const deadlineMs = request.method !== 'GET' && slow.test(pathname) ? SLOW_DEADLINE_MS : DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const signal = AbortSignal.any([request.signal, deadline]);
    const response = await (takeEarlyAnswer(request) ?? fetch(request, { signal }));
    // The deadline holds for the whole answer, not only for its head.
    const body = await response.arrayBuffer();
    // Of something between, such as a gateway that gave up.
    if (response.status >= 500 && !response.headers.get('content-type')?.includes('json')) {
      throw new ProblemError({ status: response.status, kind: 'unavailable', isOutcomeUnknown: isCommand });
    }
    return new Response(body.byteLength > 0 ? body : null, response);
  } catch (cause) {
    if (cause instanceof ProblemError || request.signal.aborted) throw cause;
    const isLate = deadline.aborted;
    throw new ProblemError(
      {
        status: 0,
        kind: isLate ? 'no-answer' : 'offline',
        isOutcomeUnknown: isCommand,
        ...(isLate && { afterSeconds: deadlineMs / 1_000 }),
      },
      { cause },
    );
  }
}
