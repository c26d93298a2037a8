import { z } from 'zod';
import { permissions, securityProfiles } from '../../domain/security-profile.ts';
import { Stored } from '../http/stored.ts';
import { EmailAddress, Id, Line, Time } from '../http/values.ts';

export const Profile = z.enum(securityProfiles).meta({ id: 'SecurityProfile' });

const StoredProfile = Stored(securityProfiles);

export const User = z
  .object({
    id: Id,
    email: z.string().meta({ examples: ['ada@contoso.example'] }),
    displayName: z.string(),
    profile: StoredProfile,
    enabled: z.boolean(),
    bound: z.boolean().meta({ description: 'True once the person has signed in.' }),
    createdAt: Time,
    updatedAt: Time,
    lastSignedInAt: Time.nullable(),
  })
  .meta({ id: 'User', description: 'A person who may sign in to Mailroom.' });

export const NewUser = z
  .strictObject({ email: EmailAddress, displayName: Line(200).default(''), profile: Profile })
  .meta({ id: 'NewUser', examples: [{ email: 'ada@contoso.example', displayName: 'Ada', profile: 'Supervisor' }] });

export const UserChange = z
  .strictObject({
    email: EmailAddress.optional(),
    displayName: Line(200).optional(),
    profile: Profile.optional(),
    enabled: z.boolean().optional(),
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
  })
  .meta({ id: 'Me' });
