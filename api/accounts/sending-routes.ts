import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  changeInstalledSending,
  changeSending,
  findSendingOption,
  isSendingInstalled,
} from '../../database/answers/sending-options.ts';
import { Failure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import { SendingState, sendingAnswer } from '../answers/sending-schemas.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';

const SendingChange = z
  .strictObject({ enabled: z.boolean() })
  .meta({ id: 'SendingChange', examples: [{ enabled: true }] });
const InstalledSending = z.object({ enabled: z.boolean() }).meta({ id: 'InstalledSending' });

/** Whether answers may be sent: for the installation, and for each account. */
export function sendingRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function readSending(accountId: string) {
    const option = await findSendingOption(db, accountId);
    if (!option) throw noSuchAccount();
    return sendingAnswer(option);
  }

  return async (app) => {
    app.get(
      '/api/v1/email/settings/sending',
      {
        config: { permission: 'settings.read' },
        schema: {
          tags: ['Settings'],
          summary: 'Read whether answers may be sent',
          response: { 200: answer(InstalledSending, 'Whether the installation allows it.') },
        },
      },
      async () => ({ enabled: await isSendingInstalled(db) }),
    );

    app.put(
      '/api/v1/email/settings/sending',
      {
        config: { permission: 'settings.change', problems: ['settings-missing'] },
        schema: {
          tags: ['Settings'],
          summary: 'Allow or forbid answers',
          description:
            'For the whole installation. Allowed, each account can be allowed as well; its next sign-in then asks for the ' +
            'permissions to send. Forbidden, nothing is sent any more, and what waits fails.',
          body: SendingChange,
          response: { 200: answer(InstalledSending, 'Whether the installation allows it.') },
        },
      },
      async (request) => {
        const { enabled } = request.body;
        if (await changeInstalledSending(db, principalOf(request).actor, enabled)) return { enabled };
        throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/sending',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags: ['Accounts'],
          summary: 'Read whether an account may send',
          params: IdParams,
          response: { 200: answer(SendingState, 'Whether it may, and what is missing.') },
        },
      },
      async (request) => await readSending(request.params.id),
    );

    app.put(
      '/api/v1/email/accounts/:id/sending',
      {
        config: { permission: 'accounts.change', problems: ['not-found'] },
        schema: {
          tags: ['Accounts'],
          summary: 'Allow or forbid answers from an account',
          description:
            'Allowed, the account has to sign in again with the permissions to send (`missing` is `consent` until then). Mail ' +
            'is read all the same.',
          params: IdParams,
          body: SendingChange,
          response: { 200: answer(SendingState, 'Whether it may, and what is missing.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { enabled } = request.body;
        if (!(await changeSending(db, principalOf(request).actor, id, enabled))) throw noSuchAccount();
        return await readSending(id);
      },
    );
  };
}

function noSuchAccount(): Problem {
  return new Problem('no-such-account', 'There is no such account. Take the id from the list of accounts.');
}
