/** Words of the settings of sign-ins. */
export const signOn = {
  title: 'Sign-in',
  lead: 'What the identity provider decides about people, and when it asks them again.',
  mapping: 'Profiles from the identity provider',
  mappingWhat:
    'Maps app roles or groups to security profiles and teams, at each sign-in of each person. While a claim is set, a profile that is set by hand lasts until the next sign-in of that person. The last administrator keeps the profile.',
  claim: 'Claim',
  claimWhat:
    'Where the provider sends them, such as roles (recommended for Entra), groups, or realm_access.roles. Empty: profiles are set by hand.',
  values: 'Values',
  valuesWhat:
    'Compared exactly. The highest profile counts, and all teams. Groups of Entra are named by their object ID.',
  value: 'Value',
  profile: 'Profile',
  team: 'Team',
  noTeam: 'No team',
  add: 'Add a value',
  remove: (value: string) => (value === '' ? 'Remove this value' : `Remove ${value}`),
  unmatched: 'People without any of these values',
  unmatchedWhat: 'Applies to people who have been added.',
  refused: 'Are refused',
  addsPeople: 'Add people with one of these values at their first sign-in',
  stepUp: 'Recent sign-in',
  stepUpWhat:
    'Before a change of settings, users, teams, API keys, retention or erasure, the identity provider asks again who it is. API keys are not asked: limit them by expiry, permissions and addresses.',
  minutes: 'Minutes that a sign-in counts as recent',
  minutesWhat:
    'From 2 to 1,440. Empty: changes ask for nothing. To turn it on, confirm once that your provider can do it.',
  acr: 'Way of signing in (acr)',
  acrWhat: 'As the provider names it, for example for a second factor. Empty: any.',
  noMinutes: 'Enter a whole number of minutes from 2 to 1,440, or nothing.',
  byProvider: (values: readonly string[]) =>
    values.length === 0 ? 'At the last sign-in: no mapped value' : `At the last sign-in: ${values.join(', ')}`,
  saveAnyway: 'Save all the same',
  save: 'Save',
  saved: 'The settings of sign-ins are saved.',
  unsaved: 'The settings of sign-ins were changed and are not saved.',
};
