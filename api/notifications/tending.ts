import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import { createWakeUps } from '../../temporal/wake-ups.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Grace period for running signals when the API stops. */
const STOP_GRACE_MS = 2_000;

/**
 * Signals workflows that upkeep is due, for callers that must not wait for Temporal. The rows hold what is due; the
 * workers' guardian makes up for a failed signal.
 */
export function tendLater(
  app: Pick<FastifyInstance, 'addHook'>,
  { mailboxes, logger }: Pick<ApiDependencies, 'mailboxes' | 'logger'>,
): (account: MailboxRef) => void {
  const wakeUps = createWakeUps(
    mailboxes,
    (_error, accountId) => logger.warn({ accountId }, 'account.could-not-tend'),
    'upkeep',
  );
  app.addHook('onClose', () => Promise.race([wakeUps.close(), sleep(STOP_GRACE_MS, undefined, { ref: false })]));
  return wakeUps.wake;
}
