import type { Permission } from './security-profile.ts';

/** `api`: what its profile may do. `provisioning`: it brings people from an identity provider by SCIM, and nothing else. */
export const keyPurposes = ['api', 'provisioning'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** What an API key may do less than its security profile. Undefined fields: no limit of this kind. */
export interface KeyLimits {
  readonly permissions?: readonly Permission[] | undefined;
  /** Only items of these queues. */
  readonly queueIds?: readonly string[] | undefined;
  /** Only items and settings of these accounts. */
  readonly accountIds?: readonly string[] | undefined;
  /** Addresses or networks in CIDR notation from which it works. */
  readonly networks?: readonly string[] | undefined;
}
