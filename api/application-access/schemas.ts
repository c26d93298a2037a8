import { z } from 'zod';
import type { ApplicationAccessView } from '../../database/application-access/application-access.ts';
import { applicationHindrance, isMailRole, scopeOutcomes } from '../../domain/application-access.ts';
import { storedFailureWords } from '../accounts/failure-words.ts';
import { Stored } from '../http/stored.ts';
import { Trace } from '../http/trace.ts';
import { EmailAddress, Time } from '../http/values.ts';

/** More say no more about the limit, and each is a request. */
const MOST_CANARIES = 10;

export const ApplicationAccess = z
  .object({
    enabled: z.boolean().meta({ description: 'An administrator has switched it on.' }),
    isUsed: z.boolean().meta({ description: 'Mailboxes may be read with the rights of the application now.' }),
    reason: z
      .enum(['application-access-off', 'application-not-proved'])
      .nullable()
      .meta({ description: 'Why they may not.' }),
    canaries: z.array(z.string()).meta({ description: 'Mailboxes that the application must not be able to read.' }),
    outcome: Stored(scopeOutcomes)
      .nullable()
      .meta({
        description:
          'Of the last check that had a result: `proved`: none of them could be read, and at least one was refused by ' +
          'Exchange; `readable`: one could be read. Null: there was none with these mailboxes.',
      }),
    checkedAt: Time.nullable().meta({ description: 'When that check was made.' }),
    provedAt: Time.nullable().meta({ description: 'When a check last proved the limit.' }),
    triedAt: Time.nullable().meta({ description: 'When a check was last tried.' }),
    failure: z
      .object({ reason: z.string(), ...Trace.shape, words: z.string() })
      .nullable()
      .meta({ description: 'Why that check had no result. What was known before stays.' }),
    readable: z.array(z.string()).meta({ description: 'Those that could be read.' }),
    missing: z.array(z.string()).meta({ description: 'Those that do not exist: they prove nothing.' }),
    tenantWideRoles: z
      .array(z.string())
      .nullable()
      .meta({
        description:
          'Application roles for mail that Entra granted for all mailboxes: remove them, because the roles of Exchange add ' +
          'to them. Null: not known.',
      }),
    accounts: z.int().meta({ description: 'Accounts that are read in this way.' }),
  })
  .meta({ id: 'ApplicationAccess' });

export const ApplicationAccessChange = z
  .strictObject({
    enabled: z.boolean(),
    canaries: z.array(EmailAddress).min(1).max(MOST_CANARIES).optional().meta({
      description: 'Existing mailboxes outside of the scope of the application. Without them, those of before.',
    }),
  })
  .meta({ id: 'ApplicationAccessChange', examples: [{ enabled: true, canaries: ['board@contoso.example'] }] });

export function applicationAccessAnswer(view: ApplicationAccessView): z.output<typeof ApplicationAccess> {
  const reason = applicationHindrance(view);
  const { failureReason, failureCode: code, failureStatus: status, failureRequestId: requestId } = view;
  return {
    enabled: view.enabled,
    isUsed: reason === undefined,
    reason: reason ?? null,
    canaries: [...view.canaries],
    outcome: view.outcome,
    checkedAt: view.checkedAt,
    provedAt: view.provedAt,
    triedAt: view.triedAt,
    failure:
      failureReason === null
        ? null
        : { reason: failureReason, code, status, requestId, words: failureSentence(failureReason) },
    readable: [...view.readable],
    missing: [...view.missing],
    tenantWideRoles: view.roles === null ? null : view.roles.filter(isMailRole),
    accounts: view.accounts,
  };
}

/** Why a check had no result, in words. */
export function failureSentence(reason: string): string {
  const { cause, nextStep } = storedFailureWords('Unavailable', reason);
  return reason === 'mailbox-not-found'
    ? 'None of the named mailboxes exists, so they prove nothing. Name an existing mailbox that the application must not read.'
    : `${cause} ${nextStep}`;
}
