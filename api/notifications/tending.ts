import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import { createWakeUps } from '../../temporal/wake-ups.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Signals under way get this long when the API stops. */
const STOP_GRACE_MS = 2_000;

/**
 * Tells workflows that something of their upkeep became due, for who must not wait for Temporal. The rows say what it is; a
 * signal that fails is made up for by the workers' guardian.
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
