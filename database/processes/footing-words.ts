import type { Logger } from 'pino';
import type { DatabaseReason, KeyReason } from '../../domain/health.ts';
import type { Footing, FootingProblem } from './pulse.ts';

const words: Readonly<Record<DatabaseReason | KeyReason, string>> = {
  'database-down': 'PostgreSQL does not answer.',
  'database-busy': 'PostgreSQL takes no more connections, or is too busy.',
  'database-full': 'The disk of PostgreSQL is full. Make room on it.',
  'database-read-only': 'PostgreSQL can only be read: a standby, or default_transaction_read_only is set.',
  'database-refuses': 'PostgreSQL refuses the user of DATABASE_URL, or one of its tables to that user.',
  'schema-outdated': 'The tables are older than this release. Run database/migrate.ts.',
  'key-wrong': 'A key of ENCRYPTION_KEYS is not the one that encrypted what the database holds.',
  'key-missing': 'ENCRYPTION_KEYS lacks a key without which stored secrets cannot be read.',
};

/** Why a process cannot work with its database, in words for operators. */
export function footingWords({ reason, code, keyId }: FootingProblem): string {
  const named = keyId === undefined ? code : `key ${keyId}`;
  return named === undefined ? words[reason] : `${words[reason]} (${named})`;
}

/** One line when a process loses its footing, and one when it has it back. */
export function logFooting(logger: Logger, { problem, since }: Footing): void {
  if (problem) logger.warn({ ...problem, since }, 'database.unusable');
  else logger.info('database.usable');
}
