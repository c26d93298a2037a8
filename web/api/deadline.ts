import { takeEarlyAnswer } from './early-answers.ts';
import { ProblemError } from './problem-error.ts';
import { serverClock } from './server-clock.ts';

/** Longer than the API itself waits for a workflow (8 s), so that its own refusal arrives first. */
const DEADLINE_MS = 10_000;
/** For requests that query Microsoft or the identity provider, or read hundreds of messages. */
const SLOW_DEADLINE_MS = 40_000;
const slow = {
  commands: /\/(settings|settings\/check|routing\/rehearse|sign-out|mail-exports|retention\/counts)$/,
  // Read from the mailbox when they are asked for the first time: the API waits for half a minute.
  reads: /^\/api\/v1\/items\/[^/]+\/(special|web-link|attachments\/[^/]+\/content)$/,
};

/** POST because of their length; they change nothing. */
const harmless = /\/(settings\/check|routing\/try|routing\/rehearse|retention\/counts|mail-exports)$/;

/**
 * `fetch` with a deadline: a server that hangs would be waited for without one. Rejects with ProblemError when the
 * answer is late, incomplete, or not the API's. The outcome of a command is then unknown.
 */
export async function fetchInTime(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isCommand = request.method !== 'GET' && !harmless.test(pathname);
  const { [request.method === 'GET' ? 'reads' : 'commands']: isSlow } = slow;
  const deadlineMs = isSlow.test(pathname) ? SLOW_DEADLINE_MS : DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const signal = AbortSignal.any([request.signal, deadline]);
    const response = await (takeEarlyAnswer(request) ?? fetchTimed(request, signal));
    // The deadline covers the whole answer, not only its headers.
    const body = await response.arrayBuffer();
    // From an intermediary, such as a gateway that gave up.
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

/** Also learns the server's time. */
async function fetchTimed(request: Request, signal: AbortSignal): Promise<Response> {
  const sentAtMs = Date.now();
  const response = await fetch(request, { signal });
  serverClock.note(response.headers.get('date'), { sentAtMs, receivedAtMs: Date.now() });
  return response;
}
