/** What a person or a machine may do, as a named set of permissions. */
export const securityProfiles = ['Admin', 'Supervisor', 'Agent'] as const;
export type SecurityProfile = (typeof securityProfiles)[number];

/** Every permission that a route can ask for: `resource.action`. */
export const permissions = [
  'health.read',
  'settings.read',
  'settings.change',
  'accounts.read',
  'accounts.change',
  'routing.read',
  'routing.change',
  'queues.read',
  'queues.change',
  'items.read',
  'items.work',
  'items.answer',
  'items.supervise',
  'answers.manage',
  'users.read',
  'users.change',
  'payloads.decode',
  'audit.read',
  'retention.change',
] as const;
export type Permission = (typeof permissions)[number];

/**
 * Agents work on items; supervisors also see how mail is routed and may take back a claim; administrators may do
 * everything.
 */
const permissionsOfProfile: Readonly<Record<SecurityProfile, ReadonlySet<Permission>>> = {
  Agent: new Set<Permission>(['health.read', 'queues.read', 'items.read', 'items.work', 'items.answer']),
  Supervisor: new Set<Permission>([
    'health.read',
    'accounts.read',
    'routing.read',
    'routing.change',
    'queues.read',
    'items.read',
    'items.work',
    'items.answer',
    'items.supervise',
    'answers.manage',
  ]),
  Admin: new Set<Permission>(permissions),
};

/** A profile known only to a newer release has no permissions. */
const setOf = (profile: SecurityProfile): ReadonlySet<Permission> =>
  Object.hasOwn(permissionsOfProfile, profile) ? permissionsOfProfile[profile] : new Set();

export function mayDo(profile: SecurityProfile, permission: Permission): boolean {
  return setOf(profile).has(permission);
}

/** All permissions of a profile, for clients that hide what is not allowed. */
export function permissionsOf(profile: SecurityProfile): readonly Permission[] {
  return [...setOf(profile)];
}
