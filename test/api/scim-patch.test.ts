import { describe, expect, it } from 'vitest';
import { groupSchema, userSchema } from '../../api/scim/attributes.ts';
import { readFilter } from '../../api/scim/filters.ts';
import { applyPatch } from '../../api/scim/patch.ts';
import { readPerson } from '../../api/scim/person-words.ts';
import { readQuery } from '../../api/scim/queries.ts';
import { readResource } from '../../api/scim/read-values.ts';

const ada = {
  userName: 'ada@contoso.example',
  displayName: 'Ada',
  name: { familyName: 'Lovelace', givenName: 'Ada' },
  emails: [{ value: 'ada@contoso.example', type: 'work', primary: true }],
  active: true,
};
const patched = (...Operations: readonly object[]) =>
  applyPatch(userSchema, ada, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('a PATCH of a user', () => {
  it.each([
    ['a text, as Entra sends it', { op: 'Replace', path: 'active', value: 'False' }],
    ['without a path, as Okta sends it', { op: 'replace', value: { active: false } }],
    ['in other letters', { op: 'REPLACE', path: 'Active', value: 'false' }],
    [
      'by the name of its schema',
      { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false },
    ],
    ['within its schema', { op: 'add', value: { 'urn:ietf:params:scim:schemas:core:2.0:User': { active: 'False' } } }],
  ])('deactivates by %s', (_how, operation) => {
    expect(patched(operation)).toEqual({ ...ada, active: false });
  });

  it('changes a part of a value by its path, and by a value whose names are paths', () => {
    const changed = { ...ada, name: { familyName: 'King', givenName: 'Ada' } };
    expect(patched({ op: 'Replace', path: 'name.familyName', value: 'King' })).toEqual(changed);
    expect(patched({ op: 'Add', value: { 'name.familyName': 'King' } })).toEqual(changed);
    expect(patched({ op: 'replace', path: 'name', value: { familyName: 'King' } })).toEqual(changed);
  });

  it('changes the address that fits a filter, adds one that is not there, and keeps one primary', () => {
    const work = { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@fabrikam.example' };
    expect(patched(work).emails).toEqual([{ value: 'ada@fabrikam.example', type: 'work', primary: true }]);
    expect(patched({ op: 'Replace', path: 'emails[type eq "home"].value', value: 'a@b.example' }).emails).toEqual([
      ...ada.emails,
      { type: 'home', value: 'a@b.example' },
    ]);
    expect(
      patched({ op: 'add', path: 'emails', value: [{ value: 'a@b.example', primary: true }] }).emails,
    ).toMatchObject([{ primary: false }, { value: 'a@b.example', primary: true }]);
    expect(patched({ op: 'remove', path: 'emails[type eq "work"]' })).not.toHaveProperty('emails');
    expect(patched({ op: 'remove', path: 'emails[type eq "WORK"].primary' }).emails).toEqual([
      { value: 'ada@contoso.example', type: 'work' },
    ]);
    expect(
      patched(
        { op: 'add', path: 'emails', value: [{ value: 'a@b.example', type: 'home' }] },
        { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      ).emails,
    ).toMatchObject([{ primary: false }, { value: 'a@b.example', primary: true }]);
  });

  it('takes operations in their order', () => {
    expect(
      patched(
        { op: 'replace', path: 'displayName', value: 'A' },
        { op: 'remove', path: 'displayName' },
        { op: 'add', path: 'displayName', value: 'B' },
      ).displayName,
    ).toBe('B');
  });

  it.each([
    ['title', 'Engineer'],
    ['phoneNumbers[type eq "work"].value', '+1'],
    [`${ENTERPRISE}:department`, 'Mail'],
    ['toString.polluted', 'x'],
    ['constructor.prototype.polluted', 'x'],
    ['name.toString', 'x'],
  ])('passes over what Mailroom does not have: %s', (path, value) => {
    expect(patched({ op: 'Add', path, value })).toEqual(ada);
    expect(patched({ op: 'Add', value: { [path]: value } })).toEqual(ada);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['invalidSyntax', { op: 'move', path: 'displayName' }],
    ['noTarget', { op: 'remove' }],
    ['invalidPath', { op: 'add', path: 'emails[type eq "work"', value: 'x' }],
    ['invalidPath', { op: 'add', path: '!', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'userName.first', value: 'x' }],
    ['invalidPath', { op: 'add', path: 'displayName[value eq "Ada"]', value: 'x' }],
    ['noTarget', { op: 'replace', path: 'emails[value co "fabrikam"].type', value: 'home' }],
    ['invalidFilter', { op: 'add', path: 'emails[type is "work"].value', value: 'x' }],
    ['invalidValue', { op: 'replace', path: 'active', value: 'perhaps' }],
    ['invalidValue', { op: 'replace', path: 'displayName', value: 1 }],
    ['invalidValue', { op: 'replace', path: 'displayName', value: 'a\u202eb' }],
    ['invalidValue', { op: 'remove', path: 'userName' }],
    ['invalidValue', { op: 'replace', value: 'active' }],
    ['mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['mutability', { op: 'add', path: 'groups', value: [{ value: 'x' }] }],
  ])('is refused as %s: %j', (scimType, operation) => {
    expect(() => patched(operation)).toThrow(expect.objectContaining({ scimType }));
  });

  it.each([
    ['nothing', undefined],
    ['no operations', {}],
    ['an empty list', { Operations: [] }],
    ['a list of texts', { Operations: ['remove'] }],
    ['a list of nothing', { Operations: [null] }],
  ])('is refused when its body is %s', (_what, body) => {
    expect(() => applyPatch(userSchema, ada, body)).toThrow(expect.objectContaining({ scimType: 'invalidSyntax' }));
  });

  it('takes as many operations, and paths as long, as are allowed, and no more', () => {
    const rename = { op: 'replace', path: 'displayName', value: 'B' };
    const operations = (count: number) => ({ operations: Array.from({ length: count }, () => rename) });
    expect(applyPatch(userSchema, ada, operations(1_000)).displayName).toBe('B');
    expect(() => applyPatch(userSchema, ada, operations(1_001))).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' }),
    );
    expect(patched({ op: 'add', path: 'x'.repeat(500), value: 'x' })).toEqual(ada);
    expect(() => patched({ op: 'add', path: 'x'.repeat(501), value: 'x' })).toThrow(
      expect.objectContaining({ scimType: 'invalidPath' }),
    );
  });
});

describe('a PATCH of a group', () => {
  const group = { displayName: 'Agents', members: [{ value: 'a' }, { value: 'b' }] };
  const membersAfter = (...Operations: readonly object[]) => {
    const { members } = applyPatch(groupSchema, group, { Operations });
    return (members as readonly { readonly value: string }[] | undefined)?.map(({ value }) => value);
  };

  it('adds, removes and replaces members in all the ways that providers write it', () => {
    expect(membersAfter({ op: 'Add', path: 'members', value: [{ $ref: null, value: 'c' }, { value: 'a' }] })).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(membersAfter({ op: 'add', value: { members: [{ value: 'c', display: 'C' }] } })).toEqual(['a', 'b', 'c']);
    expect(membersAfter({ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] })).toEqual(['b']);
    expect(membersAfter({ op: 'remove', path: 'members[value eq "a"]' })).toEqual(['b']);
    expect(membersAfter({ op: 'remove', path: 'members[value eq "A"]' })).toEqual(['a', 'b']);
    expect(membersAfter({ op: 'replace', path: 'members', value: [{ value: 'c' }] })).toEqual(['c']);
    expect(membersAfter({ op: 'replace', path: 'members', value: [] })).toBeUndefined();
    expect(membersAfter({ op: 'remove', path: 'members' })).toBeUndefined();
  });

  it('takes a name with the id beside it, as Okta sends it', () => {
    const operation = { op: 'replace', value: { id: 'abf4dd94', displayName: 'Team' } };
    expect(applyPatch(groupSchema, group, { Operations: [operation] })).toEqual({ ...group, displayName: 'Team' });
  });

  it('removes one of ten thousand members after the other', () => {
    const members = Array.from({ length: 10_000 }, (_, index) => ({ value: `m${index}` }));
    const Operations = Array.from({ length: 100 }, (_, index) => ({
      op: 'remove',
      path: `members[value eq "m${index}"]`,
    }));
    const after = applyPatch(groupSchema, { displayName: 'All', members }, { Operations });
    expect(after.members).toHaveLength(9_900);
  });
});

describe('a filter', () => {
  it.each([
    ['userName eq "ada@contoso.example"', [{ attribute: 'userName', value: 'ada@contoso.example' }]],
    ['USERNAME Eq "a"', [{ attribute: 'userName', value: 'a' }]],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a"', [{ attribute: 'userName', value: 'a' }]],
    [
      'active eq true and externalId eq "1"',
      [
        { attribute: 'active', value: 'true' },
        { attribute: 'externalId', value: '1' },
      ],
    ],
    [
      'emails[type eq "work"].value eq "a"',
      [
        { attribute: 'emailType', value: 'work' },
        { attribute: 'email', value: 'a' },
      ],
    ],
    ['emails.value eq "a\\"b"', [{ attribute: 'email', value: 'a"b' }]],
    [`userName eq "${'a'.repeat(986)}"`, [{ attribute: 'userName', value: 'a'.repeat(986) }]],
  ])('is read: %s', (filter, conditions) => {
    expect(readFilter('User', filter)).toEqual(conditions);
  });

  it.each([
    'userName',
    'userName eq',
    'userName co "a"',
    'userName eq "a" or userName eq "b"',
    'not (userName eq "a")',
    'password eq "a"',
    'constructor eq "a"',
    'userName eq "a" and',
    'userName eq "a',
    "userName eq 'a'; drop table users",
    `${'('.repeat(900)}a`,
    `userName eq "${'a'.repeat(987)}"`,
  ])('is refused, because another answer could be about another person: %s', (filter) => {
    expect(() => readFilter('User', filter)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
  });
});

describe('the body of a resource', () => {
  it('keeps no password, and nothing that Mailroom does not have', () => {
    const body = { ...ada, password: '1mz050nq', locale: 'en-US', id: 'x', meta: {}, groups: [{ value: 'g' }] };
    expect(readResource(userSchema, body)).toEqual(ada);
  });

  it('may have the one value of a list by itself, and a group ten thousand members', () => {
    expect(readResource(userSchema, { ...ada, emails: ada.emails[0] })).toEqual(ada);
    const group = (count: number) => ({
      displayName: 'All',
      members: Array.from({ length: count }, (_, index) => ({ value: `m${index}` })),
    });
    expect(readResource(groupSchema, group(10_000)).members).toHaveLength(10_000);
    expect(() => readResource(groupSchema, group(10_001))).toThrow(
      expect.objectContaining({ scimType: 'invalidValue' }),
    );
  });

  it.each([
    ['invalidSyntax', []],
    ['invalidSyntax', { userName: 'a', schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] }],
    ['invalidValue', { userName: { a: 1 } }],
    ['invalidValue', { userName: 'a'.repeat(501) }],
    ['invalidValue', { userName: 'a\ud800' }],
    ['invalidValue', { userName: 'a', emails: Array.from({ length: 21 }, () => ({ value: 'a@b.example' })) }],
    ['invalidValue', { userName: 'a', name: 'Ada' }],
  ])('is refused as %s: %j', (scimType, body) => {
    expect(() => readResource(userSchema, body)).toThrow(expect.objectContaining({ scimType }));
  });
});

describe('a person', () => {
  it('is named by the userName, else by the primary address, the one for work, or the first', () => {
    const [first, work, primary] = [
      { value: 'first@contoso.example' },
      { value: 'work@contoso.example', type: 'Work' },
      { value: 'primary@contoso.example', primary: true },
    ];
    const emailOf = (userName: string, ...emails: readonly object[]) =>
      readPerson(readResource(userSchema, { userName, emails })).email;
    expect(emailOf('Ada@Contoso.example', first, work, primary)).toBe('ada@contoso.example');
    expect(emailOf('ada', first, work, primary)).toBe(primary.value);
    expect(emailOf('ada', first, work)).toBe(work.value);
    expect(emailOf('ada', first)).toBe(first.value);
  });

  it('is active unless it is said otherwise, and has a name made of its parts', () => {
    const personOf = (more: object) =>
      readPerson(readResource(userSchema, { userName: 'ada@contoso.example', ...more }));
    expect([personOf({}).active, personOf({ active: 'False' }).active]).toEqual([true, false]);
    const name = { givenName: 'Ada', familyName: 'Lovelace' };
    expect(personOf({ name }).displayName).toBe('Ada Lovelace');
    expect(personOf({ name: { ...name, formatted: 'Lady Lovelace' } }).displayName).toBe('Lady Lovelace');
    expect(personOf({ name, displayName: 'Ada' }).displayName).toBe('Ada');
  });
});

describe('what a request asks for', () => {
  it('is paged by a hundred, and by two hundred at most', () => {
    expect(readQuery({}).page).toEqual({ offset: 0, limit: 100 });
    expect(readQuery({ startIndex: '3', count: '1000' }).page).toEqual({ offset: 2, limit: 200 });
  });

  it('shows a whole attribute where a part of it is named, with or without its schema', () => {
    const attributes = 'name.familyName, urn:ietf:params:scim:schemas:core:2.0:User:emails.value';
    const { shows } = readQuery({ attributes });
    expect([shows('name'), shows('emails'), shows('active')]).toEqual([true, true, false]);
  });
});
