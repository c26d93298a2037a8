import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import { ensureFirstAdministrator } from '../../database/people/users.ts';

/** PostgreSQL is usually back within seconds of its start. */
const RETRY_MS = 2_000;

/**
 * Makes sure that the first administrator of the configuration may sign in, as soon as the database answers. Nothing
 * waits for it: the API also starts without a database.
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
      // Most likely the database is away, which /readyz tells; it is tried again until it works.
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
