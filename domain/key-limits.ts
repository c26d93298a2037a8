import type { Permission } from './security-profile.ts';

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
