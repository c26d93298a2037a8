import { expect, it } from 'vitest';
import { claimValues, isClaimMissing } from '../../api/sign-on/claim-values.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => `group-${index}`);

it.each([
  ['a text', { roles: 'admin' }, ['admin']],
  ['a list', { roles: ['admin', 'agent'] }, ['admin', 'agent']],
  ['an empty list', { roles: [] }, []],
  ['nothing', {}, []],
  ['null', { roles: null }, []],
  ['a number', { roles: 7 }, []],
  ['true', { roles: true }, []],
  ['an object', { roles: { admin: true } }, []],
  ['a list with anything in it', { roles: [1, null, true, {}, ['admin'], '', 'x'.repeat(501), 'agent'] }, ['agent']],
  ['as many as are read', { roles: many(2_000) }, many(2_000)],
  ['one more than are read', { roles: many(2_001) }, 'too-many'],
  ['the longest text that is read', { roles: 'x'.repeat(500) }, ['x'.repeat(500)]],
  ['ten thousand', { roles: many(10_000) }, 'too-many'],
])('reads a claim that is %s', (_name, claims, values) => {
  expect(claimValues(claims, 'roles')).toEqual(values);
});

it('reads the claim of exactly this name before it follows the dots into objects, and only into own fields', () => {
  const claims = { 'https://contoso.example/roles': ['a'], realm_access: { roles: ['b'] }, 'x.y': 'c', x: { y: 'd' } };
  expect(claimValues(claims, 'https://contoso.example/roles')).toEqual(['a']);
  expect(claimValues(claims, 'realm_access.roles')).toEqual(['b']);
  expect(claimValues(claims, 'x.y')).toEqual(['c']);
  for (const name of [
    'realm_access.roles.length',
    'constructor.name',
    '__proto__',
    'realm_access..roles',
    'a.b.c.d.e.f',
  ]) {
    expect(claimValues(claims, name), name).toEqual([]);
  }
});

it('follows four dots, and no fifth', () => {
  const claims = { a: { b: { c: { d: { e: 'deep', f: { g: 'deeper' } } } } } };
  expect(claimValues(claims, 'a.b.c.d.e')).toEqual(['deep']);
  expect(claimValues(claims, 'a.b.c.d.f.g')).toEqual([]);
});

it('notices that the provider left the claim out, which is not the same as a person without values', () => {
  const names = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } };
  expect(claimValues(names, 'groups')).toBe('left-out');
  expect(claimValues({ hasgroups: true }, 'groups')).toBe('left-out');
  expect(claimValues({ hasgroups: 'true' }, 'groups')).toBe('left-out');
  // What is there counts, and another claim is not concerned.
  expect(claimValues({ ...names, groups: ['a'] }, 'groups')).toEqual(['a']);
  for (const claims of [names, { hasgroups: true }]) expect(claimValues(claims, 'roles')).toEqual([]);
  for (const wrong of [true, 'groups', ['groups'], null])
    expect(claimValues({ _claim_names: wrong }, 'groups')).toEqual([]);
  expect([isClaimMissing({}, 'groups'), isClaimMissing(names, 'groups')]).toEqual([true, false]);
});
