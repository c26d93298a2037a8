import type { FastifyRequest } from 'fastify';
import { type CommandRecord, findRecord } from '../../database/accounts/account-commands.ts';
import { type ResumeMode, resumeModes } from '../../domain/account-state.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { acceptCommandOf, giveCommand } from './accept-command.ts';

/** The requested change; without `enabled` nothing is toggled. */
export interface Toggle {
  readonly enabled?: boolean | undefined;
  readonly resume?: ResumeMode | undefined;
  readonly requestId?: string | undefined;
}

/**
 * Disables or enables an account. A repetition of the request gets the first outcome, even while no worker runs. Null
 * when nothing was to be toggled.
 */
export async function toggleAccount(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  account: MailboxRef,
  { enabled, resume: mode = resumeModes[0], requestId }: Toggle,
): Promise<CommandRecord | null> {
  if (enabled === undefined) return null;
  const { db, mailboxes } = dependencies;
  const { record, attempts, ...command } = await acceptCommandOf(dependencies, request, {
    accountId: account.id,
    ...(enabled ? { name: 'resume', mode } : { name: 'pause' }),
    requestId,
  });
  if (record) return record;
  const attempt = { attempt: attempts };
  const give = async (): Promise<CommandRecord> => {
    const { state, receipt } = enabled
      ? await mailboxes.resume(account, { ...command, mode }, attempt)
      : await mailboxes.pause(account, command, attempt);
    // Workers of 0.1.0 return only the state.
    if (!receipt) return { outcome: 'done', state, carriedOutAt: new Date() };
    return { ...receipt, carriedOutAt: new Date(receipt.carriedOutAt) };
  };
  return await giveCommand(give, () => findRecord(db, command.id));
}
