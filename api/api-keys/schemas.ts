import { z } from 'zod';
import type { ApiKeyView } from '../../database/people/api-keys.ts';
import { daysUntil, EXPIRY_WARNINGS_DAYS } from '../../domain/expiry.ts';
import { keyPurposes } from '../../domain/key-limits.ts';
import { mayDo, permissions, securityProfiles } from '../../domain/security-profile.ts';
import { parseNetwork } from '../access/key-networks.ts';
import { Stored } from '../http/stored.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Line, Time } from '../http/values.ts';
import { Profile } from '../users/schemas.ts';

/** A key with more would be one without limits. */
const MOST_OBJECTS = 500;
const MOST_NETWORKS = 50;

const Limits = {
  permissions: z.array(Stored(permissions)).nullable().meta({ description: 'Null: all of its profile.' }),
  queueIds: z.array(Id).nullable().meta({ description: 'Only what is in these queues. Null: no limit.' }),
  accountIds: z.array(Id).nullable().meta({ description: 'Only what is of these accounts. Null: no limit.' }),
  networks: z.array(z.string()).nullable().meta({ description: 'Only from these addresses. Null: from anywhere.' }),
};

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    purpose: Stored(keyPurposes).meta({ description: '`provisioning`: for SCIM, whatever its profile.' }),
    profile: Stored(securityProfiles),
    hint: z.string().meta({ description: 'The last four characters.' }),
    ...Limits,
    createdAt: Time,
    createdByName: z
      .string()
      .nullable()
      .meta({ description: 'Who made it; null: the command line did, or it is not known.' }),
    expiresAt: Time.nullable().meta({ description: 'Null: it does not expire.' }),
    lastUsedAt: Time.nullable().meta({ description: 'To five minutes.' }),
    revokedAt: Time.nullable(),
    state: z.enum(['valid', 'expires-soon', 'expired', 'revoked']).meta({
      description: '`expires-soon`: within 30 days. Make another one, and revoke this when it is no longer used.',
    }),
  })
  .meta({ id: 'ApiKey', description: 'A key of a program. What it is made of is shown once, when it is made.' });

export const CreatedApiKey = z
  .object({ ...ApiKey.shape, key: z.string().meta({ description: 'The key itself. Only its hash is stored.' }) })
  .meta({ id: 'CreatedApiKey' });

const Network = z
  .string()
  .max(50)
  .refine((text) => parseNetwork(text) !== undefined, refusedAs('no-network'))
  .transform((text) => parseNetwork(text) ?? text);

const some = <Item extends z.ZodType>(item: Item, most: number) => z.array(item).min(1).max(most).optional();

export const NewApiKey = z
  .strictObject({
    name: Line(100).min(1),
    profile: Profile,
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Without it, the key does not expire.', examples: ['2027-11-27T00:00:00Z'] }),
    permissions: some(z.enum(permissions), permissions.length).meta({
      description: 'Fewer than its profile has. Without it, all of them.',
    }),
    queueIds: some(Id, MOST_OBJECTS),
    accountIds: some(Id, MOST_OBJECTS),
    networks: some(Network, MOST_NETWORKS).meta({
      description: 'Addresses or networks (CIDR) that requests may come from, as TRUST_PROXY lets Mailroom see them.',
      examples: [['192.0.2.0/24', '2001:db8::/32']],
    }),
  })
  .refine(({ profile, permissions: chosen = [] }) => chosen.every((each) => mayDo(profile, each)), {
    ...refusedAs('not-of-profile'),
    path: ['permissions'],
  })
  .meta({ id: 'NewApiKey', examples: [{ name: 'reporting', profile: 'Agent', permissions: ['items.read'] }] });

export function apiKeyAnswer({ limits, isExpired, ...key }: ApiKeyView): z.output<typeof ApiKey> {
  const { permissions: allowed, queueIds, accountIds, networks } = limits;
  const list = <Entry>(entries: readonly Entry[] | undefined) => (entries ? [...entries] : null);
  return {
    ...key,
    permissions: list(allowed),
    queueIds: list(queueIds),
    accountIds: list(accountIds),
    networks: list(networks),
    state: stateOf(key.revokedAt, key.expiresAt, isExpired),
  };
}

function stateOf(revokedAt: Date | null, expiresAt: Date | null, isExpired: boolean) {
  if (revokedAt) return 'revoked';
  if (isExpired) return 'expired';
  const isSoon = expiresAt !== null && daysUntil(expiresAt, new Date()) <= EXPIRY_WARNINGS_DAYS[0];
  return isSoon ? 'expires-soon' : 'valid';
}
