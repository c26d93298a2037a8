import { describe, expect, it } from 'vitest';
import { mayDo, permissions, permissionsOf } from '../../domain/security-profile.ts';

describe('security profiles', () => {
  it('lets an administrator do everything', () => {
    expect(permissionsOf('Admin')).toEqual(permissions);
  });

  it('gives a supervisor all that an agent has', () => {
    for (const permission of permissionsOf('Agent')) expect(mayDo('Supervisor', permission)).toBe(true);
  });

  it.each(['users.change', 'settings.change', 'accounts.change', 'payloads.decode'] as const)(
    'keeps %s from agents and supervisors',
    (permission) => {
      expect(mayDo('Agent', permission)).toBe(false);
      expect(mayDo('Supervisor', permission)).toBe(false);
    },
  );
});
