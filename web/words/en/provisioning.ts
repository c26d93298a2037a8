const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of users who come from an identity provider. */
export const provisioning = {
  title: 'Provisioning',
  lead: 'Your identity provider (Entra, Okta) adds people, and deactivates those who leave: by SCIM 2.0.',
  make: 'Make a key for provisioning',
  nameHint: 'Of the identity provider, such as Entra. A name is not used twice.',
  address: 'Address for the identity provider',
  people: (n: number, inactive: number) =>
    n === 0
      ? 'No users have come from it yet.'
      : `${count(n, 'user comes', 'users come')} from it, ${inactive === 0 ? 'all of them active' : `${count(inactive, 'of them is', 'of them are')} deactivated there`}.`,
  lastRequest: 'Last request:',
  keys: 'Keys',
  noKeys: 'None yet. The identity provider needs one, as its secret token.',
  may: 'Provisioning of users, and nothing else',
  newPeople: 'New users',
  newPeopleWhat: 'What people get whom the identity provider adds. Administrators are made under Users only.',
  profile: 'Security profile of new users',
  allQueues: 'See all queues (otherwise those of their teams)',
  groups: 'Groups',
  noGroups: 'None yet. Groups that you assign to Mailroom at the identity provider are listed here.',
  groupsWhat:
    'The people of a group are put into its team, and leave the team with the group, unless another group or a claim mapped under Sign-in names it, too. Without a team, a group has no effect.',
  group: 'Group',
  team: 'Team',
  teamOf: (name: string) => `Team of the group ${name}`,
  noTeam: 'No team',
  states: {
    active: 'from the identity provider',
    inactive: 'deactivated at the identity provider',
    deleted: 'deleted at the identity provider',
  },
  inactiveWhat: 'Deactivated at the identity provider. Activate the person there.',
  keptWhat: 'The identity provider would add this user again. Take the person out there first.',
};
