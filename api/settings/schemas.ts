import { z } from 'zod';
import { trimInvisible } from '../../domain/words/invisible-text.ts';
import { settingsFindingCodes } from '../../graph/entra/settings-finding.ts';
import { Trace } from '../http/trace.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Line, Time } from '../http/values.ts';

const domain = /^(?=.{4,253}$)([\da-z]([\da-z-]{0,61}[\da-z])?\.)+[a-z][\da-z-]{0,61}[\da-z]$/i;
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const TenantId = z
  .string()
  .overwrite(trimInvisible)
  .toLowerCase()
  .refine((value) => guid.test(value) || domain.test(value), refusedAs('no-tenant-id'))
  .meta({ description: 'A GUID or a verified domain.', examples: ['3f7c1a52-8d64-4b0e-9a6b-5c2e8f104d7a'] });
const ClientId = z
  .string()
  .overwrite(trimInvisible)
  .toLowerCase()
  .refine((value) => guid.test(value), refusedAs('no-client-id'))
  .meta({ examples: ['5d0b9e3f-71c8-4a26-b4f0-e6a97d12c853'] });
const ClientSecret = Line(500)
  .min(1)
  .meta({ description: 'Write-only. The value of the secret, not its ID.', writeOnly: true });

const CertificateId = z.union([Id, z.literal('file')]).meta({
  description:
    'The certificate that takes the place of the secret: the id of one that Mailroom made, or `file` for that of the files. Null: ' +
    'the secret. Without it, the stored one stays, unless a secret is given.',
});

const isEither = (given: { readonly clientSecret?: unknown; readonly certificateId?: unknown }) =>
  typeof given.clientSecret !== 'string' || typeof given.certificateId !== 'string';

export const SettingsInput = z
  .strictObject({
    tenantId: TenantId,
    clientId: ClientId,
    clientSecret: ClientSecret.optional(),
    certificateId: CertificateId.nullish(),
    clientSecretExpiresAt: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({
        description:
          'As Entra shows it beside the secret. Without it, that of a new secret is not known. A certificate knows its own.',
        examples: ['2027-11-27T00:00:00Z'],
      }),
    keepPrevious: z
      .boolean()
      .optional()
      .meta({
        description:
          'False: the secret before is deleted at once, because others know it. By default it is used for an hour where ' +
          'Microsoft refuses the new one.',
      }),
    version: z.int().min(0).optional().meta({
      description: 'The version that was read. Refused if another version was saved in the meantime.',
    }),
    force: z.boolean().optional().meta({
      description: 'Save them although Microsoft refuses them, or cannot be asked.',
    }),
  })
  .refine(isEither, { ...refusedAs('secret-or-certificate'), path: ['certificateId'] })
  .meta({
    id: 'SettingsChange',
    examples: [
      {
        tenantId: '3f7c1a52-8d64-4b0e-9a6b-5c2e8f104d7a',
        clientId: '5d0b9e3f-71c8-4a26-b4f0-e6a97d12c853',
        clientSecret: 'the value of the secret',
      },
    ],
  });

/** Any input: the check says what is wrong with it. */
export const SettingsToCheck = z
  .strictObject({
    tenantId: Line(500),
    clientId: Line(500),
    clientSecret: Line(500),
    certificateId: CertificateId.nullable(),
  })
  .partial()
  .refine(isEither, { ...refusedAs('secret-or-certificate'), path: ['certificateId'] })
  .nullish()
  .meta({ examples: [{}] });

export const Settings = z
  .object({
    configured: z.boolean(),
    tenantId: z.string().nullable(),
    clientId: z.string().nullable(),
    certificateId: z.string().nullable().meta({
      description:
        'The certificate that takes the place of the secret; `file`: that of the files. Null: there is none.',
    }),
    clientSecret: z.object({
      set: z.boolean(),
      setAt: Time.nullable(),
      endsWith: z
        .string()
        .nullable()
        .meta({ description: 'The last characters, to tell two secrets apart: four, of a short one fewer or none.' }),
      expiresAt: Time.nullable().meta({ description: 'As it was entered; null: not known.' }),
      daysLeft: z.int().nullable().meta({
        description: 'Warnings are at 30, 14, 7 and 1; 0 or less: it has ended. Null: not known.',
      }),
      previousUntil: Time.nullable().meta({
        description:
          'Until when the secret or certificate before is used where Microsoft refuses the present one; null: it is not.',
      }),
    }),
    redirectUri: z.string().meta({ description: 'To be registered with the app registration, platform Web.' }),
    permissions: z.array(z.object({ name: z.string(), kind: z.literal('delegated'), why: z.string() })),
    adminConsentUrl: z.string().nullable().meta({
      description:
        'Where an administrator of Microsoft 365 approves Mailroom for the whole organisation, shared mailboxes included.',
    }),
    fault: z
      .object({ reason: z.string(), words: z.string(), ...Trace.shape, since: Time })
      .nullable()
      .meta({ description: 'Why Microsoft refuses the settings, while it does.' }),
    version: z.int().meta({ description: '0 while nothing is entered.' }),
    updatedAt: Time.nullable(),
  })
  .meta({ id: 'Settings' });

export const SettingsFinding = z
  .object({
    code: z.enum(settingsFindingCodes),
    severity: z.enum(['ok', 'warning', 'error']),
    field: z.enum(['tenantId', 'clientId', 'clientSecret', 'certificate']).optional(),
    message: z.string(),
    nextStep: z.string(),
    reference: z.string().optional().meta({ description: "Microsoft's own code." }),
    status: z.int().optional().meta({ description: 'The HTTP status of the answer.' }),
    requestId: z.string().optional().meta({ description: "Microsoft's id of the request, for its support." }),
    clockSkewSeconds: z.int().optional().meta({
      description: "With `clock-wrong`: Microsoft's clock minus this server's, in seconds.",
    }),
  })
  .meta({ id: 'SettingsFinding' });
