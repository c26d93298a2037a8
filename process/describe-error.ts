/** The first frames show where an error surfaced; the rest is the framework. */
const FRAMES = 5;

/**
 * The fields by which operators find the cause. Foreign errors give only name, code and where they surfaced: their
 * messages may quote what no log should hold.
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

/** The last folder and the file name are enough. */
function shortFrame(frame: string): string {
  return frame.trim().replace(/(file:\/\/)?\/[^\s()]*\/(?=[^/]+\/[^/]+$)/, '');
}

/** Fields of a failure that `failureFields` shows. */
type FailureFields = Readonly<Partial<Record<'type' | 'reason' | 'code' | 'status' | 'requestId', unknown>>>;

/**
 * The fields of one of our own failures, which hold nothing else: among them the ids by which Microsoft finds its
 * refusal.
 */
export function failureFields({ type, reason, code, status, requestId }: FailureFields): Record<string, unknown> {
  return { type, reason, code, status, requestId };
}

/** HTTP status and request id of an unrecognised answer; nothing that could be text. */
function traceOf(error: Error): Record<string, unknown> {
  const { status, requestId } = error as { status?: unknown; requestId?: unknown };
  return {
    status: typeof status === 'number' ? status : undefined,
    requestId: typeof requestId === 'string' && /^[\w.-]{1,100}$/.test(requestId) ? requestId : undefined,
  };
}
