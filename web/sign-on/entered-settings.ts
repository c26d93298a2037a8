import type { Schemas } from '../api/client.ts';
import { profiles } from '../users/users-query.ts';

type Settings = Schemas['SignOnSettings'];
type Change = Schemas['SignOnSettingsChange'];

/** The settings as a form has them. */
export interface EnteredSettings {
  readonly claim: string;
  readonly mappings: readonly EnteredMapping[];
  readonly unmatchedProfile: string;
  readonly addsPeople: boolean;
  readonly stepUpMinutes: string;
  readonly stepUpAcr: string;
}

export type EnteredMapping = Settings['mappings'][number] & {
  /** Its place in the list may change. */
  readonly key: number;
};

/** What is sent of them. A mapping without a claim is kept for when there is one again. */
export function settingsOf(entered: EnteredSettings): Omit<Change, 'version' | 'confirmed'> {
  const { claim, mappings, unmatchedProfile, addsPeople, stepUpMinutes, stepUpAcr } = entered;
  return {
    claim: claim.trim() || null,
    mappings: mappings.flatMap(({ value, profile, teamId }) => {
      const known = profiles.find((each) => each === profile);
      return known === undefined ? [] : [{ value, profile: known, teamId }];
    }),
    unmatchedProfile: unmatchedProfile === 'Agent' || unmatchedProfile === 'Supervisor' ? unmatchedProfile : null,
    addsPeople,
    stepUpMinutes: stepUpMinutes.trim() === '' ? null : Number(stepUpMinutes),
    stepUpAcr: stepUpAcr.trim() || null,
  };
}
