/** The first frames are where an error surfaced; the rest is the framework. */
const FRAMES = 5;

/**
 * What operators need to find the cause. Of foreign errors only name, code and where they surfaced: their messages may
 * quote what no log should hold.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    error: error.name,
    code: 'code' in error ? error.code : undefined,
    reason: 'reason' in error ? error.reason : undefined,
    ...traceOf(error),
    at: frames.slice(0, FRAMES).map(shortFrame),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

/** The last folder and the file name say enough. */
function shortFrame(frame: string): string {
  return frame.trim().replace(/(file:\/\/)?\/[^\s()]*\/(?=[^/]+\/[^/]+$)/, '');
}

/** What `failureFields` shows of a failure. */
type FailureFields = Readonly<Partial<Record<'type' | 'reason' | 'code' | 'status' | 'requestId', unknown>>>;

/** The same of one of our own failures, which hold nothing else: by what Microsoft finds its refusal again is among it. */
export function failureFields({ type, reason, code, status, requestId }: FailureFields): Record<string, unknown> {
  return { type, reason, code, status, requestId };
}

/** HTTP status and request id of an answer that nobody understood; nothing that could be text. */
function traceOf(error: Error): Record<string, unknown> {
  const { status, requestId } = error as { status?: unknown; requestId?: unknown };
  return {
    status: typeof status === 'number' ? status : undefined,
    requestId: typeof requestId === 'string' && /^[\w.-]{1,100}$/.test(requestId) ? requestId : undefined,
  };
}
