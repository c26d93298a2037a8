import { Failure, isFailure } from '../domain/failure.ts';
import type { DatabaseReason } from '../domain/health.ts';
import { DecryptionError } from '../encryption/key-ring.ts';

/** Error codes of the network when the server does not answer. */
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
/** Messages of pg itself, without a code. */
const lost =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * SQLSTATEs that mean that PostgreSQL cannot work (postgresql.org/docs/18/errcodes-appendix.html): too many
 * connections, a full disk, a standby or a read-only database, revoked rights or changed passwords; also connection
 * exceptions, a starting or stopping server, timeouts, and broken disks.
 */
const states: readonly (readonly [RegExp, DatabaseReason])[] = [
  [/^(53300|53400|55P03)$/, 'database-busy'],
  [/^53100$/, 'database-full'],
  [/^25006$/, 'database-read-only'],
  [/^(42501|28...|3D000)$/, 'database-refuses'],
  [/^(08...|53...|57P0[1-5]|57014|40001|40P01|58030)$/, 'database-down'],
];

/**
 * Turns an error into `Unavailable`, with the SQLSTATE as its code, if the database is away, full, too busy or refuses,
 * or if it holds ciphertexts that none of our keys decrypts; returns other errors as they are, failures among them.
 */
export function asDatabaseFailure(error: unknown): unknown {
  // Its code may be that of a connection to Microsoft.
  if (isFailure(error)) return error;
  if (error instanceof DecryptionError) {
    return new Failure('Unavailable', 'A stored secret cannot be decrypted', { reason: 'key-missing', cause: error });
  }
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new Failure('Unavailable', 'The database cannot be used', { reason, code: codeOf(error), cause: error });
}

function reasonOf(error: unknown): DatabaseReason | undefined {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).find((reason) => reason !== undefined);
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error) ?? '';
  if (network.has(code) || lost.test(error.message)) return 'database-down';
  return states.find(([pattern]) => pattern.test(code))?.[1];
}

/** SQLSTATE, or the error code of the operating system. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return error.errors.map(codeOf).find((code) => code !== undefined);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Missing tables or columns: the schema is older than this release, or there is none. */
const outdated = /^(42P01|42703)$/;

/** Why the database is unusable, for callers to whom every error is a reason. */
export function databaseProblem(error: unknown): {
  readonly reason: DatabaseReason;
  readonly code: string | undefined;
} {
  const code = codeOf(error);
  if (outdated.test(code ?? '')) return { reason: 'schema-outdated', code };
  return { reason: reasonOf(error) ?? 'database-down', code };
}

/** True when PostgreSQL refused a value (data exceptions, class 22) that no earlier check refused. */
export function isRefusedValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22...$/.test(error.code);
}

/** The name of the constraint that an insert or update violated; undefined for every other error. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('constraint' in error)) return undefined;
  const violated = error.code === '23505' || error.code === '23503';
  return violated && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/** `require_right` of 0044c-rights-in-the-act: the right of the acting person or key ended. */
export function isEndedRight(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MR403';
}
