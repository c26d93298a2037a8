import { z } from 'zod';
import { LONGEST_CLAIM_VALUE, MOST_PROFILE_MAPPINGS, unmatchedProfiles } from '../../domain/profile-mapping.ts';
import { securityProfiles } from '../../domain/security-profile.ts';
import { LEAST_STEP_UP_MINUTES, MOST_STEP_UP_MINUTES } from '../../domain/step-up.ts';
import { Stored } from '../http/stored.ts';
import { Id, Line } from '../http/values.ts';
import { Profile } from '../users/schemas.ts';

const words = {
  claim: "The claim with a person's roles or groups; dots lead into objects. Null: profiles are set by hand.",
  unmatched: 'The profile of added people without a mapped value; null: they are refused.',
  addsPeople: 'True: a person with a mapped value is added at the first sign-in.',
  stepUpMinutes: 'Changes of settings, users, teams, keys and deletions ask for a sign-in not older; null: never.',
  stepUpAcr: 'The `acr` that this sign-in must have; null: any.',
  version: 'Of what was read.',
};

const mapping = {
  value: Line(LONGEST_CLAIM_VALUE)
    .min(1)
    .meta({ description: 'Compared exactly.', examples: ['mailroom-agents'] }),
  teamId: Id.nullable().meta({ description: 'The team that the person is put into; null: none.' }),
};

export const SignOnSettings = z
  .object({
    claim: z
      .string()
      .nullable()
      .meta({ description: words.claim, examples: ['roles'] }),
    mappings: z.array(z.object({ ...mapping, value: z.string(), profile: Stored(securityProfiles) })),
    unmatchedProfile: Stored(securityProfiles).nullable().meta({ description: words.unmatched }),
    addsPeople: z.boolean().meta({ description: words.addsPeople }),
    stepUpMinutes: z.int().nullable().meta({ description: words.stepUpMinutes }),
    stepUpAcr: z.string().nullable().meta({ description: words.stepUpAcr }),
    version: z.int().min(1).meta({ description: words.version }),
  })
  .meta({ id: 'SignOnSettings', description: 'What the identity provider decides, and when it is asked again.' });

export const SignOnSettingsChange = z
  .strictObject({
    claim: Line(200).min(1).nullable().meta({ description: words.claim }),
    mappings: z.array(z.strictObject({ ...mapping, profile: Profile })).max(MOST_PROFILE_MAPPINGS),
    unmatchedProfile: z.enum(unmatchedProfiles).nullable().meta({ description: words.unmatched }),
    addsPeople: z.boolean().meta({ description: words.addsPeople }),
    stepUpMinutes: z.int().min(LEAST_STEP_UP_MINUTES).max(MOST_STEP_UP_MINUTES).nullable().meta({
      description: words.stepUpMinutes,
    }),
    stepUpAcr: Line(200).min(1).nullable().meta({ description: words.stepUpAcr }),
    version: z.int().min(1).meta({ description: words.version }),
    confirmed: z.boolean().default(false).meta({
      description: 'True: also when you may lose the profile Admin by it at your next sign-in.',
    }),
  })
  .meta({
    id: 'SignOnSettingsChange',
    examples: [
      {
        claim: 'roles',
        mappings: [{ value: 'mailroom-admins', profile: 'Admin', teamId: null }],
        unmatchedProfile: null,
        addsPeople: false,
        stepUpMinutes: null,
        stepUpAcr: null,
        version: 1,
        confirmed: true,
      },
    ],
  });
