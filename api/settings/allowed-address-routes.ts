import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  changeAllowedAddresses,
  findAllowedAddresses,
  listAccountsOutside,
} from '../../database/accounts/allowed-addresses.ts';
import { MOST_ALLOWED, parseAllowed } from '../../domain/allowed-addresses.ts';
import { Failure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Line } from '../http/values.ts';

const tags = ['Settings'];

/** More accounts outside of a limit are shown as a number. */
const OUTSIDE_SHOWN = 100;

const Entry = Line(320)
  .min(1)
  .refine((text) => parseAllowed(text) !== undefined, refusedAs('no-address-or-domain'))
  .transform((text) => parseAllowed(text) ?? text);

const AllowedAddressesChange = z
  .strictObject({ allowed: z.array(Entry).max(MOST_ALLOWED) })
  .meta({ id: 'AllowedAddressesChange', examples: [{ allowed: ['contoso.example', 'desk@fabrikam.example'] }] });

const AllowedAddresses = z
  .object({
    allowed: z.array(z.string()).meta({
      description:
        'Addresses, domains, and `*.` before a domain for all below it, which is not the domain itself. Empty: every ' +
        'mailbox of the tenant. Domains are in punycode.',
    }),
    outside: z
      .array(z.object({ id: Id, address: z.string() }))
      .meta({ description: `Accounts that the limit would refuse now; they go on. At most ${OUTSIDE_SHOWN}.` }),
    outsideCount: z.int(),
  })
  .meta({ id: 'AllowedAddresses' });

/** Which mailboxes may be connected. */
export function allowedAddressRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function read(): Promise<z.output<typeof AllowedAddresses>> {
    const allowed = await findAllowedAddresses(db);
    const outside = await listAccountsOutside(db, allowed);
    return { allowed: [...allowed], outside: outside.slice(0, OUTSIDE_SHOWN), outsideCount: outside.length };
  }

  return async (app) => {
    app.get(
      '/api/v1/email/settings/allowed-addresses',
      {
        config: { permission: 'settings.read' },
        schema: {
          tags,
          summary: 'Read which mailboxes may be connected',
          response: { 200: answer(AllowedAddresses, 'The limit, and which accounts are outside of it.') },
        },
      },
      read,
    );

    app.put(
      '/api/v1/email/settings/allowed-addresses',
      {
        config: { permission: 'settings.change', problems: ['settings-missing'] },
        schema: {
          tags,
          summary: 'Limit which mailboxes may be connected',
          description:
            'Counts for accounts that are added, for the mailbox that signs in to a new account, and for new addresses of ' +
            'an account. What is connected already goes on, and is listed.',
          body: AllowedAddressesChange,
          response: { 200: answer(AllowedAddresses, 'The limit as it is now.') },
        },
      },
      async (request) => {
        const allowed = [...new Set(request.body.allowed)];
        if (await changeAllowedAddresses(db, principalOf(request).actor, allowed)) return await read();
        throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
      },
    );
  };
}
