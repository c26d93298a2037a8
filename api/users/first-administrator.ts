import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import { ensureFirstAdministrator } from '../../database/people/users.ts';

/** PostgreSQL is usually back within seconds of its start. */
const RETRY_MS = 2_000;

/**
 * Ensures that the configured first administrator may sign in, as soon as the database answers. Runs in the background:
 * the API also starts without a database.
 */
export function keepFirstAdministrator(
  db: Database,
  email: string | undefined,
  logger: Logger,
): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function attempt(): Promise<void> {
    if (email === undefined || stopped) return;
    try {
      if (await ensureFirstAdministrator(db, email)) logger.info('first-administrator.added');
    } catch {
      // Most likely the database is away, which /readyz reports; retried until it works.
      if (!stopped) timer = setTimeout(() => (running = attempt()), RETRY_MS);
    }
  }

  let running = attempt();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
