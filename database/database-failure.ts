import { Failure } from '../domain/failure.ts';
import { DecryptionError } from '../encryption/key-ring.ts';

/** What the network says when nobody answers. */
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'EAI_AGAIN']);
/**
 * PostgreSQL's own words for "not now": connection exceptions, out of connections, being shut down or started, a
 * statement or a lock that took too long (postgresql.org/docs/18/errcodes-appendix.html).
 */
const notNow = /^(08...|53...|57P0[1-5]|57014|55P03|25006|40001|40P01)$/;
/** Said by pg itself, without a code. */
const lost =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Turns an error that says that the database is away, or too busy, or holds what none of our keys decrypts, into
 * `Unavailable`; returns others as they are.
 */
export function asDatabaseFailure(error: unknown): unknown {
  if (error instanceof DecryptionError) {
    return new Failure('Unavailable', 'A stored secret cannot be decrypted', { reason: 'key-missing', cause: error });
  }
  if (!isUnavailable(error)) return error;
  return new Failure('Unavailable', 'The database does not answer', { reason: 'database-down', cause: error });
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return network.has(code) || notNow.test(code) || lost.test(error.message);
}

/** True when PostgreSQL refused a value itself (data exceptions, class 22): no check before it did. */
export function isRefusedValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22...$/.test(error.code);
}

/** The name of the constraint that an insert or update violated; undefined for every other error. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  const violated = error.code === '23505' || error.code === '23503';
  return violated && typeof error.constraint === 'string' ? error.constraint : undefined;
}
