import { z } from 'zod';
import { DEFAULT_CAPACITY, LARGEST_CAPACITY } from '../../domain/offering.ts';
import { permissions, securityProfiles } from '../../domain/security-profile.ts';
import { Stored } from '../http/stored.ts';
import { EmailAddress, Id, Line, Time } from '../http/values.ts';

export const Profile = z.enum(securityProfiles).meta({ id: 'SecurityProfile' });

const StoredProfile = Stored(securityProfiles);

const sight = {
  allQueues: z.boolean().meta({
    description: 'False: only the queues of the teams. Administrators set up all queues, and are not limited to teams.',
  }),
  readsMail: z.boolean().meta({ description: 'False: has the rest of the profile, and reads no mail.' }),
};

const TeamIds = z.array(Id).max(200).meta({ description: 'All teams of the person.' });

export const User = z
  .object({
    id: Id,
    email: z.string().meta({ examples: ['ada@contoso.example'] }),
    displayName: z.string(),
    profile: StoredProfile,
    enabled: z.boolean(),
    ...sight,
    teams: z.array(z.object({ id: Id, name: z.string() })),
    capacity: z
      .int()
      .nullable()
      .meta({ description: `How many items the person has before none is offered; null: ${DEFAULT_CAPACITY}.` }),
    mappedValues: z
      .array(z.string())
      .nullable()
      .meta({ description: 'The mapped values of the last sign-in, which decided the profile; null: set by hand.' }),
    provider: z
      .enum(['active', 'inactive', 'deleted'])
      .nullable()
      .meta({ description: 'What the identity provider says of the person by SCIM; null: nothing.' }),
    bound: z.boolean().meta({ description: 'True once the person has signed in.' }),
    createdAt: Time,
    updatedAt: Time,
    lastSignedInAt: Time.nullable(),
  })
  .meta({ id: 'User', description: 'A person who may sign in to Mailroom.' });

export const NewUser = z
  .strictObject({
    email: EmailAddress,
    displayName: Line(200).default(''),
    profile: Profile,
    allQueues: z.boolean().default(true),
    readsMail: z.boolean().default(true),
    teamIds: TeamIds.default([]),
  })
  .meta({ id: 'NewUser', examples: [{ email: 'ada@contoso.example', displayName: 'Ada', profile: 'Supervisor' }] });

export const UserChange = z
  .strictObject({
    email: EmailAddress.optional(),
    displayName: Line(200).optional(),
    profile: Profile.optional(),
    enabled: z.boolean().optional(),
    allQueues: sight.allQueues.optional(),
    readsMail: sight.readsMail.optional(),
    teamIds: TeamIds.optional(),
    capacity: z
      .int()
      .min(0)
      .max(LARGEST_CAPACITY)
      .nullish()
      .meta({ description: `Null: the default, ${DEFAULT_CAPACITY}. With 0, nothing is offered.` }),
  })
  .meta({ id: 'UserChange', examples: [{ enabled: false }] });

export const Me = z
  .object({
    kind: z.enum(['user', 'key']),
    id: Id,
    name: z.string().meta({ description: "A user's e-mail address, an API key's name." }),
    displayName: z.string(),
    profile: StoredProfile,
    permissions: z.array(z.enum(permissions)),
    allQueues: z.boolean().meta({ description: 'False: you see only some queues, such as those of your teams.' }),
  })
  .meta({ id: 'Me' });
