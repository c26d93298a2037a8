import { Failure, type FailureReason } from '../../domain/failure.ts';

/** OpenSSL's and Node's names for untrusted certificates. */
const untrusted = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'CERT_CHAIN_TOO_LONG',
]);
const outOfTime = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const misnamed = new Set(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']);

/**
 * Converts a failed connection into a Failure. `target` is the requested URL: a connection that failed at another place
 * was one to a proxy. The original error is not kept, because it may name hosts and paths. Undefined when `fetch` did
 * not throw the error for a connection.
 */
export function connectionFailure(error: unknown, target: URL | null): Failure | undefined {
  // `fetch` throws a TypeError for every failed connection, with the reason as its cause; one without a cause is ours.
  if (!(error instanceof TypeError && 'cause' in error)) return undefined;
  const cause = firstCause(error.cause);
  // Two answers have no code: a refused CONNECT, and a 407 to the request itself, of which `fetch` gives no details.
  const isUnauthorized = cause.message === '' && cause.code === undefined;
  const status = isUnauthorized ? '407' : /^Proxy response \((\d{3})\)/.exec(wrapped(cause).message)?.[1];
  if (status !== undefined) {
    const details = { reason: 'proxy-refused', code: status, status: Number(status) } as const;
    return new Failure('Unavailable', 'The proxy on the way to Microsoft refused the connection', details);
  }
  const { code } = cause;
  const isCode = typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code);
  return new Failure('Unavailable', 'The connection to Microsoft failed', {
    reason: reasonOf(isCode ? code : '', cause, target),
    code: isCode ? code : undefined,
  });
}

interface Cause {
  readonly message: string;
  readonly code?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
  readonly cause?: unknown;
}

/** The reason of a cancelled request. */
function wrapped(cause: Cause): Cause {
  return cause.cause instanceof Error ? cause.cause : cause;
}

/** The first of several attempts at a host's addresses is as informative as all. */
function firstCause(cause: unknown): Cause {
  const first = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  return first instanceof Error ? first : { message: 'unknown' };
}

function reasonOf(code: string, cause: Cause, target: URL | null): FailureReason {
  if (untrusted.has(code)) return 'certificate-untrusted';
  if (outOfTime.has(code)) return 'certificate-expired';
  if (misnamed.has(code)) return 'certificate-mismatch';
  return target !== null && isElsewhere(cause, target) ? 'proxy-unreachable' : 'network';
}

function isElsewhere({ port, hostname }: Cause, target: URL): boolean {
  if (typeof hostname === 'string') return hostname.toLowerCase() !== target.hostname;
  const asked = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  return typeof port === 'number' && port !== asked;
}
