import { type SecurityProfile, securityProfiles } from './security-profile.ts';

/** What a value of the identity provider's claim stands for. */
export interface ProfileMapping {
  readonly value: string;
  readonly profile: SecurityProfile;
  /** Null: no team. */
  readonly teamId: string | null;
}

/**
 * The values of a claim, as far as they can be values of a mapping. `left-out`: the provider says that there are more
 * than it sent; `too-many`: more than are read.
 */
export type ClaimValues = readonly string[] | 'left-out' | 'too-many';

/** What a person is by their values. */
export interface MappedPerson {
  readonly profile: SecurityProfile;
  readonly teamIds: readonly string[];
  /** Those that are mapped. */
  readonly values: readonly string[];
}

/** Far more than the claims of a person that Entra sends, which are 200. */
export const MOST_CLAIM_VALUES = 2_000;
/** An object id has 36 characters, the distinguished name of a deep group 200. */
export const LONGEST_CLAIM_VALUE = 500;
export const MOST_PROFILE_MAPPINGS = 500;
/** Of people without a mapped value: the profile Admin is never a default. */
export const unmatchedProfiles = ['Supervisor', 'Agent'] as const satisfies readonly SecurityProfile[];

/**
 * The highest profile of all values that are mapped, whatever their order, and all of their teams. Undefined: none is
 * mapped. Values are compared exactly: an object id and a name have nothing in common that could be folded.
 */
export function mappedPerson(mappings: readonly ProfileMapping[], values: readonly string[]): MappedPerson | undefined {
  const held = new Set(values);
  const matching = mappings.filter(({ value }) => held.has(value));
  const profile = securityProfiles.find((each) => matching.some((mapping) => mapping.profile === each));
  if (profile === undefined) return undefined;
  const teamIds = matching.flatMap(({ teamId }) => (teamId === null ? [] : [teamId]));
  return {
    profile,
    teamIds: [...new Set(teamIds)].sort(),
    values: [...new Set(matching.map(({ value }) => value))].sort(),
  };
}
