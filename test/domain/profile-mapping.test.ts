import { expect, it } from 'vitest';
import { mappedPerson } from '../../domain/profile-mapping.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';

const to = (value: string, profile: SecurityProfile, teamId: string | null = null) => ({ value, profile, teamId });
const mappings = [
  to('desk', 'Agent', 'b'),
  to('desk', 'Agent', 'a'),
  to('leads', 'Supervisor', 'a'),
  to('IT', 'Admin'),
];

it('gives the highest profile of all values, whatever their order, and all of their teams', () => {
  const lead = { profile: 'Supervisor', teamIds: ['a', 'b'], values: ['desk', 'leads'] };
  expect(mappedPerson(mappings, ['desk', 'leads', 'other'])).toEqual(lead);
  expect(mappedPerson([...mappings].reverse(), ['leads', 'desk', 'desk'])).toEqual(lead);
  expect(mappedPerson(mappings, ['leads', 'IT'])).toMatchObject({ profile: 'Admin', teamIds: ['a'] });
});

it('gives nothing without a mapped value, and compares exactly', () => {
  for (const values of [[], ['other'], ['it'], ['IT '], ['DESK']])
    expect(mappedPerson(mappings, values)).toBeUndefined();
  expect(mappedPerson([], ['IT'])).toBeUndefined();
});
