import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admitUser } from '../../database/people/admit-user.ts';
import { aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

/** Requests as Microsoft documents those of Entra, and Okta those of its SCIM test suite. */

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

let api: TestApi;
let admin: Awaited<ReturnType<TestApi['browserOf']>>;
/** The provider's key. */
let key: string;
let made = 0;

const asAdmin = (method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { key: null, headers: admin.headers, ...(body && { body }) });

async function scim(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await api.app.inject({
    method: method as 'GET',
    url: `/scim/v2${path}`,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/scim+json; charset=utf-8' }),
      ...headers,
    },
    ...(body && { payload: JSON.stringify(body) }),
  });
  const { statusCode: status, headers: answered } = response;
  return { status, headers: answered, json: response.body === '' ? undefined : response.json() };
}

/** As Entra makes one. */
function aPerson(more: object = {}) {
  const name = `person-${made++}`;
  return {
    schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
    externalId: `object-${name}`,
    userName: `${name}@contoso.example`,
    active: true,
    emails: [{ primary: true, type: 'work', value: `${name}@contoso.example` }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Ada Lovelace', familyName: 'Lovelace', givenName: 'Ada' },
    roles: [],
    ...more,
  };
}
const provide = async (more: object = {}) => (await scim('POST', '/Users', aPerson(more))).json;
const patch = (id: string, ...Operations: readonly object[]) =>
  scim('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations });
const find = (kind: string, filter: string) => scim('GET', `/${kind}?filter=${encodeURIComponent(filter)}`);
const userOf = async (id: string) => (await asAdmin('GET', `/users/${id}`)).json;
const signIn = async (email: string, subject: string) => {
  const decision = await admitUser(api.db, api.keys, {
    identity: { issuer: 'https://login.example', subject, emails: [email], displayName: undefined },
    startedAt: new Date(),
    valuesOf: () => [],
    session: { idHash: randomBytes(32), providerSession: undefined },
    replaces: undefined,
    stepUpOf: undefined,
  });
  return decision.admitted ? decision.userId : decision.because;
};

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.browserOf('Admin', 'admin@contoso.example');
  key = (await asAdmin('POST', '/provisioning/keys', { name: 'Entra' })).json.key;
});
afterAll(() => api.stop());

describe('the key of an identity provider', () => {
  it('opens SCIM and nothing else; no other key and no person does', async () => {
    expect((await scim('GET', '/Users')).status).toBe(200);
    for (const path of ['/me', '/users', '/queues', '/items/mine', '/api-keys', '/provisioning', '/changes']) {
      expect((await api.call('GET', `/api/v1${path}`, { key })).json).toMatchObject({
        status: 403,
        reason: 'key-for-provisioning',
      });
    }
    for (const caller of [{}, { key: api.apiKeys.Supervisor }, { key: null, headers: admin.headers }]) {
      const { status, json, headers } = await api.call('GET', '/scim/v2/Users', caller);
      expect(status).toBe(403);
      expect(headers['content-type']).toContain('application/scim+json');
      expect(json).toMatchObject({ schemas: [ERROR], status: '403', detail: expect.stringContaining('provisioning') });
    }
  });

  it('is asked for, and is useless from the moment it is revoked', async () => {
    expect((await api.call('GET', '/scim/v2/Users', { key: null })).status).toBe(401);
    const { id, key: other } = (await asAdmin('POST', '/provisioning/keys', { name: 'Okta' })).json;
    expect((await api.call('GET', '/scim/v2/Users', { key: other })).status).toBe(200);
    expect((await asAdmin('GET', '/provisioning')).json).toMatchObject({
      address: expect.stringMatching(/\/scim\/v2$/),
      lastRequestAt: expect.any(String),
      keys: [{ name: 'Entra' }, { name: 'Okta', purpose: 'provisioning' }],
    });
    await asAdmin('DELETE', `/api-keys/${id}`);
    expect((await api.call('GET', '/scim/v2/Users', { key: other })).status).toBe(401);
  });

  it('may come from the networks that it was made for, and is asked after by administrators only', async () => {
    const networks = ['192.0.2.0/24'];
    const made = (await asAdmin('POST', '/provisioning/keys', { name: 'Elsewhere', networks })).json;
    expect(await api.call('GET', '/scim/v2/Users', { key: made.key })).toMatchObject({ status: 403 });
    expect((await scim('GET', '/Users')).status).toBe(200);
    for (const profile of ['Supervisor', 'Agent'] as const) {
      expect((await api.call('GET', '/api/v1/provisioning', { key: api.apiKeys[profile] })).status).toBe(403);
    }
    // The newest request counts, of whichever key.
    const newest = '2026-01-02T00:00:00.000Z';
    await api.db.updateTable('apiKeys').set({ lastUsedAt: '2026-01-01T00:00:00.000Z' }).execute();
    await api.db.updateTable('apiKeys').set({ lastUsedAt: newest }).where('name', '=', 'Elsewhere').execute();
    expect((await asAdmin('GET', '/provisioning')).json.lastRequestAt).toBe(newest);
    await asAdmin('DELETE', `/api-keys/${made.id}`);
  });

  it('is made by people only, and has no permission that an earlier release could give it', async () => {
    const { json } = await api.call('POST', '/api/v1/provisioning/keys', { body: { name: 'by a key' } });
    expect(json).toMatchObject({ status: 403, reason: 'key-makes-no-key' });
    const stored = await api.db.selectFrom('apiKeys').selectAll().where('name', '=', 'Entra').executeTakeFirstOrThrow();
    expect(stored).toMatchObject({ profile: 'Agent', permissions: [] });
  });
});

describe('discovery', () => {
  it('says what Mailroom does, in the form of the RFC', async () => {
    const { json, headers } = await scim('GET', '/ServiceProviderConfig');
    expect(headers['content-type']).toBe('application/scim+json; charset=utf-8');
    expect(json).toMatchObject({ patch: { supported: true }, bulk: { supported: false }, etag: { supported: true } });
    expect((await scim('GET', '/ResourceTypes')).json).toMatchObject({
      totalResults: 2,
      Resources: [{ id: 'User' }, { id: 'Group', endpoint: '/Groups' }],
    });
    const schemas = (await scim('GET', '/Schemas')).json;
    expect(schemas.Resources.map(({ id }: { id: string }) => id)).toEqual([USER, GROUP]);
    expect((await scim('GET', `/Schemas/${USER.toUpperCase()}`)).json.attributes).toContainEqual(
      expect.objectContaining({ name: 'userName', required: true, uniqueness: 'server' }),
    );
  });

  it.each(['/Bulk', '/Me', '/Nothing', '?x=1', '/Schemas/x', '/Users/x', `/Users/${'0'.repeat(300)}`, '/Groups/x'])(
    'answers %s with an error of SCIM',
    async (path) => {
      const { status, json } = await scim('GET', path);
      expect(status).toBe(404);
      expect(json).toEqual({ schemas: [ERROR], status: '404', detail: expect.any(String) });
    },
  );
});

describe('people, as Entra provisions them', () => {
  it('are looked for, made, read, changed, and found again', async () => {
    const person = aPerson();
    expect((await find('Users', `userName eq "${person.userName}"`)).json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
    const { status, json, headers } = await scim('POST', '/Users', person);
    const { roles: _roles, meta: _meta, schemas: _schemas, ...kept } = person;
    expect(status).toBe(201);
    expect(json).toMatchObject({ ...kept, schemas: [USER], meta: { resourceType: 'User' } });
    expect(headers.location).toBe(json.meta.location);
    expect((await scim('GET', `/Users/${json.id}`)).json).toEqual(json);
    for (const filter of [
      `userName eq "${person.userName.toUpperCase()}"`,
      `externalId eq "${person.externalId}"`,
      `id eq "${json.id}"`,
      `emails[type eq "work"].value eq "${person.userName}"`,
      `emails.value eq "${person.userName}" and active eq true`,
    ]) {
      expect((await find('Users', filter)).json.Resources).toEqual([json]);
    }
    for (const filter of [
      `externalId eq "${person.externalId.toUpperCase()}"`,
      `emails[type eq "home"].value eq "${person.userName}"`,
    ]) {
      expect((await find('Users', filter)).json.totalResults).toBe(0);
    }

    const changed = await patch(
      json.id,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updated@contoso.example' },
      { op: 'Replace', path: 'name.familyName', value: 'King' },
      { op: 'Add', path: 'displayName', value: 'Ada King' },
    );
    expect(changed.json).toMatchObject({
      displayName: 'Ada King',
      name: { familyName: 'King', givenName: 'Ada' },
      emails: [{ value: 'updated@contoso.example', type: 'work', primary: true }],
    });
    expect(await userOf(json.id)).toMatchObject({
      email: person.userName,
      displayName: 'Ada King',
      profile: 'Agent',
      allQueues: false,
      provider: 'active',
    });
  });

  it('are refused twice as uniqueness, by name in any case and by externalId', async () => {
    const person = aPerson();
    await scim('POST', '/Users', person);
    for (const again of [
      person,
      { ...person, userName: person.userName.toUpperCase(), externalId: 'other' },
      { ...aPerson(), externalId: person.externalId },
    ]) {
      const { status, json } = await scim('POST', '/Users', again);
      expect([status, json.scimType, json.status]).toEqual([409, 'uniqueness', '409']);
    }
    const other = await provide();
    const { status, json } = await patch(other.id, { op: 'Replace', path: 'userName', value: person.userName });
    expect([status, json.scimType]).toEqual([409, 'uniqueness']);
    const both = await Promise.all(
      [0, 1].map(() => scim('POST', '/Users', { ...aPerson(), ...{ userName: 'race@contoso.example' } })),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
  });

  it('have no address of another person whom the provider brought', async () => {
    const { id, userName } = await provide();
    const { status, json } = await scim('POST', '/Users', aPerson({ emails: [{ value: userName }] }));
    expect([status, json.scimType]).toEqual([409, 'uniqueness']);
    expect(await userOf(id)).toMatchObject({ email: userName });
  });

  it('without any e-mail address, or without a name, are refused in words', async () => {
    for (const person of [aPerson({ userName: 'ada', emails: [] }), aPerson({ userName: '' }), { schemas: [USER] }]) {
      const { status, json } = await scim('POST', '/Users', person);
      expect([status, json.scimType]).toEqual([400, 'invalidValue']);
    }
    const { id } = await provide({ userName: 'ada-lovelace' });
    expect((await userOf(id)).email).toMatch(/^person-/);
  });

  it('that leave are signed out at once and cannot come back; when they return, they are let in again', async () => {
    const { id, userName } = await provide();
    const { headers } = await api.browserOf('Agent', 'colleague@contoso.example');
    const isSignedIn = async () => (await api.call('GET', '/api/v1/me', { key: null, headers })).status === 200;
    await api.db
      .updateTable('sessions')
      .set({ userId: id })
      .where('userId', '=', await sessionOwner(headers))
      .execute();
    expect(await isSignedIn()).toBe(true);
    const { json } = await patch(id, { op: 'Replace', path: 'active', value: 'False' });
    expect(json.active).toBe(false);
    expect(await isSignedIn()).toBe(false);
    expect(await signIn(userName, 'leaver')).toBe('disabled');
    expect((await find('Users', `userName eq "${userName}"`)).json.Resources).toMatchObject([{ active: false }]);
    await patch(id, { op: 'Add', path: 'active', value: 'True' });
    expect(await signIn(userName, 'leaver')).toBe(id);
  });

  it('that are deleted are gone for the provider; Mailroom keeps the disabled user, and its name in histories', async () => {
    const person = aPerson();
    const { id } = (await scim('POST', '/Users', person)).json;
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    for (const [method, path, body] of [
      ['GET', `/Users/${id}`],
      ['DELETE', `/Users/${id}`],
      ['PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value: { active: true } }] }],
      ['PUT', `/Users/${id}`, person],
    ] as const) {
      expect((await scim(method, path, body)).status).toBe(404);
    }
    expect((await find('Users', `userName eq "${person.userName}"`)).json.totalResults).toBe(0);
    expect(await userOf(id)).toMatchObject({ enabled: false, provider: 'deleted', email: person.userName });
    // The address is another person's now: the old one keeps its history.
    const { status, json } = await scim('POST', '/Users', { ...person, externalId: 'another' });
    expect([status, json.scimType]).toEqual([409, 'uniqueness']);
    // The provider knows people by its own id: they come back under another name, too.
    expect((await scim('POST', '/Users', aPerson({ externalId: person.externalId }))).json.id).toBe(id);
    expect(await userOf(id)).toMatchObject({ enabled: true, provider: 'active' });
  });

  it('that are deleted belong to Mailroom once an administrator enables them', async () => {
    const { id } = await provide();
    await scim('DELETE', `/Users/${id}`);
    expect((await asAdmin('PATCH', `/users/${id}`, { profile: 'Supervisor' })).json.provider).toBe('deleted');
    expect((await asAdmin('PATCH', `/users/${id}`, { enabled: true })).json).toMatchObject({
      enabled: true,
      provider: null,
    });
  });

  it('who change their name stay who they are: the same user, and the same sign-in', async () => {
    const { id, userName } = await provide();
    expect(await signIn(userName, 'married')).toBe(id);
    await patch(id, { op: 'Replace', path: 'userName', value: 'new-name@contoso.example' });
    expect(await signIn('anything@contoso.example', 'married')).toBe(id);
    expect(await userOf(id)).toMatchObject({ email: 'new-name@contoso.example', bound: true });
  });

  it('are taken over where an administrator had added them, with the profile that they have', async () => {
    const { id } = (await asAdmin('POST', '/users', { email: 'by-hand@contoso.example', profile: 'Supervisor' })).json;
    expect((await find('Users', 'userName eq "By-Hand@contoso.example"')).json.Resources).toMatchObject([
      { id, userName: 'by-hand@contoso.example', active: true },
    ]);
    const person = aPerson({ userName: 'upn@contoso.example', emails: [{ value: 'By-Hand@contoso.example' }] });
    const { status, json } = await scim('POST', '/Users', person);
    expect([status, json.id]).toEqual([201, id]);
    expect(await userOf(id)).toMatchObject({ profile: 'Supervisor', email: 'upn@contoso.example', provider: 'active' });
  });

  it.each([
    ['taken over', false],
    ['deleted, and brought again', true],
  ])('stay disabled who were disabled by hand before they were %s', async (_how, isDeletedFirst) => {
    const { userName, ...person } = aPerson();
    const { id } = (await asAdmin('POST', '/users', { email: userName, profile: 'Agent' })).json;
    await asAdmin('PATCH', `/users/${id}`, { enabled: false });
    if (isDeletedFirst) expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('POST', '/Users', { userName, ...person })).json).toMatchObject({ id, active: true });
    expect(await userOf(id)).toMatchObject({ enabled: false, provider: 'active' });
    expect(await signIn(userName, `disabled-${id}`)).toBe('disabled');
  });
});

async function sessionOwner(headers: Record<string, string>): Promise<string> {
  return (await api.call('GET', '/api/v1/me', { key: null, headers })).json.id;
}

describe('what the provider and administrators say of a person', () => {
  it('either shuts out, and both have to let in', async () => {
    const { id } = await provide();
    expect((await asAdmin('PATCH', `/users/${id}`, { enabled: false })).json).toMatchObject({ enabled: false });
    // The provider is not contradicted: it would only undo that.
    expect((await scim('GET', `/Users/${id}`)).json.active).toBe(true);
    await patch(id, { op: 'replace', value: { active: true } });
    expect((await userOf(id)).enabled).toBe(false);
    await patch(id, { op: 'replace', value: { active: false } });
    expect((await asAdmin('PATCH', `/users/${id}`, { enabled: false, capacity: 3 })).status).toBe(200);
    const refused = await asAdmin('PATCH', `/users/${id}`, { enabled: true });
    expect(refused.json).toMatchObject({ status: 409, reason: 'user-inactive-at-provider' });
    await patch(id, { op: 'replace', value: { active: true } });
    expect((await userOf(id)).enabled).toBe(false);
    expect((await asAdmin('PATCH', `/users/${id}`, { enabled: true })).json.enabled).toBe(true);
  });

  it('leaves address and name to the provider, profile and sight to administrators', async () => {
    const { id, userName } = await provide({ displayName: 'Ada' });
    for (const change of [{ email: 'mine@contoso.example' }, { displayName: 'Mine' }]) {
      expect((await asAdmin('PATCH', `/users/${id}`, change)).json).toMatchObject({ reason: 'user-from-provider' });
    }
    expect((await asAdmin('DELETE', `/users/${id}`)).json).toMatchObject({ reason: 'user-kept-at-provider' });
    const change = { email: userName, displayName: 'Ada', profile: 'Supervisor', allQueues: true };
    expect((await asAdmin('PATCH', `/users/${id}`, change)).json).toMatchObject({ profile: 'Supervisor' });
    await patch(id, { op: 'replace', value: { active: false } });
    expect((await asAdmin('DELETE', `/users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
  });

  it('never takes the last administrator away, nor gives one who never signed in another address', async () => {
    const found = (await find('Users', 'userName eq "admin@contoso.example"')).json.Resources[0];
    for (const answer of [
      await patch(found.id, { op: 'Replace', path: 'active', value: false }),
      await scim('DELETE', `/Users/${found.id}`),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.json.detail).toContain('last enabled administrator');
    }
    const renamed = await patch(found.id, { op: 'Replace', path: 'userName', value: 'thief@contoso.example' });
    expect([renamed.status, renamed.json.scimType]).toEqual([400, 'mutability']);
    expect(await userOf(found.id)).toMatchObject({ email: 'admin@contoso.example', enabled: true });
    expect(await signIn('admin@contoso.example', 'administrator')).toBe(found.id);
    const proved = await patch(found.id, { op: 'Replace', path: 'userName', value: 'boss@contoso.example' });
    expect([proved.status, (await userOf(found.id)).email]).toEqual([200, 'boss@contoso.example']);
  });

  it('is in the audit trail under the name of the key', async () => {
    const { id } = await provide();
    await patch(id, { op: 'Replace', path: 'active', value: false });
    const entries = await api.db
      .selectFrom('auditEntries')
      .select(['act', 'actorName', 'outcome'])
      .where('objectId', '=', id)
      .execute();
    expect(entries).toContainEqual({ act: 'user.change', actorName: 'Entra', outcome: 'done' });
  });
});

describe('lists', () => {
  it('are paged from 1, and show what was asked for', async () => {
    const { totalResults } = (await scim('GET', '/Users?count=0')).json;
    const ids: string[] = [];
    for (let startIndex = 1; startIndex <= totalResults; startIndex += 3) {
      const { json } = await scim('GET', `/Users?startIndex=${startIndex}&count=3`);
      expect(json).toMatchObject({ totalResults, startIndex, itemsPerPage: json.Resources.length });
      ids.push(...json.Resources.map(({ id }: { id: string }) => id));
    }
    expect(new Set(ids).size).toBe(totalResults);
    expect((await scim('GET', '/Users?startIndex=-5&count=-1')).json).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
    expect((await scim('GET', '/Users?startIndex=1000000')).json).toMatchObject({ totalResults, Resources: [] });
    expect(Object.keys((await scim('GET', '/Users?count=1&attributes=userName')).json.Resources[0]).sort()).toEqual([
      'id',
      'schemas',
      'userName',
    ]);
    const [first] = (await scim('GET', '/Users?count=1&excludedAttributes=emails,name')).json.Resources;
    expect(first).not.toHaveProperty('emails');
  });

  it.each([
    '?count=many',
    '?startIndex=1.5',
    '?filter=userName',
    '?filter=userName+eq+%22a%22+or+id+pr',
    '?count=1&count=2',
  ])('are refused for %s', async (query) => {
    const { status, json } = await scim('GET', `/Users${query}`);
    expect([status, json.schemas]).toEqual([400, [ERROR]]);
  });
});

describe('people of the provider', () => {
  it('are counted, without those whom it deleted', async () => {
    const { people, inactive } = (await asAdmin('GET', '/provisioning')).json;
    await provide();
    for (const _each of [1, 2]) await provide({ active: false });
    await scim('DELETE', `/Users/${(await provide()).id}`);
    expect((await asAdmin('GET', '/provisioning')).json).toMatchObject({ people: people + 3, inactive: inactive + 2 });
  });
});

describe('versions', () => {
  it('answer 304 to who has it, and refuse a change of another one', async () => {
    const { id, meta } = await provide();
    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version })).status).toBe(304);
    const change = { Operations: [{ op: 'replace', value: { displayName: 'New' } }] };
    expect((await scim('PATCH', `/Users/${id}`, change, { 'if-match': meta.version })).status).toBe(200);
    expect((await scim('PATCH', `/Users/${id}`, change, { 'if-match': meta.version })).status).toBe(412);
    expect((await scim('DELETE', `/Users/${id}`, undefined, { 'if-match': meta.version })).status).toBe(412);
    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version })).status).toBe(200);
  });

  it('of groups do the same, at each of their changes', async () => {
    const { id, meta } = (await scim('POST', '/Groups', { displayName: 'Versions' })).json;
    const path = `/Groups/${id}`;
    const isUnchanged = async () => (await scim('GET', path, undefined, { 'if-none-match': meta.version })).status;
    const rename = (displayName: string) => ({ Operations: [{ op: 'replace', value: { displayName } }] });
    expect(await isUnchanged()).toBe(304);
    for (const asked of [(tag: string) => tag, () => '*', (tag: string) => `"another", ${tag.replace('W/', '')}`]) {
      const { version } = (await scim('GET', path)).json.meta;
      const change = await scim('PATCH', path, rename(`At ${version}`), { 'if-match': asked(version) });
      expect(change.status).toBe(204);
    }
    expect(await isUnchanged()).toBe(200);
    for (const [method, body] of [
      ['PUT', { displayName: 'Late' }],
      ['PATCH', rename('Late')],
      ['DELETE', undefined],
    ] as const) {
      const { status, json } = await scim(method, path, body, { 'if-match': meta.version });
      expect([method, status, json.schemas]).toEqual([method, 412, [ERROR]]);
    }
    const now = (await scim('GET', path)).json;
    expect(now.displayName).not.toBe('Late');
    // Of changes at once, the first one makes the version of the others an old one.
    const names = ['One', 'Two', 'Three', 'Four', 'Five'];
    const answers = await Promise.all(
      names.map((name) => scim('PATCH', path, rename(name), { 'if-match': now.meta.version })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 412, 412, 412, 412]);
  });
});

describe('people, as Okta provisions them', () => {
  it('are made with a password that is not kept, replaced, and deactivated by PATCH and by PUT', async () => {
    const userName = 'test.user@okta.example';
    const person = {
      schemas: [USER],
      userName,
      name: { givenName: 'Test', familyName: 'User' },
      emails: [{ primary: true, value: userName, type: 'work' }],
      displayName: 'Test User',
      locale: 'en-US',
      externalId: '00ujl29u0le5T6Aj10h7',
      groups: [],
      password: '1mz050nq',
      active: true,
    };
    expect((await scim('GET', '/Users?count=2&startIndex=1')).json.Resources).not.toEqual([]);
    expect(
      (await scim('GET', `/Users?filter=userName%20eq%20%22${userName}%22&startIndex=1&count=100`)).json.totalResults,
    ).toBe(0);
    const { status, json } = await scim('POST', '/Users', person);
    expect([status, json.password, json.userName]).toEqual([201, undefined, userName]);
    const put = await scim('PUT', `/Users/${json.id}`, {
      ...person,
      id: json.id,
      name: { givenName: 'Another', familyName: 'User' },
    });
    expect(put.json).toMatchObject({ id: json.id, name: { givenName: 'Another' } });
    const off = await scim('PATCH', `/Users/${json.id}`, {
      schemas: [PATCH],
      Operations: [{ op: 'replace', value: { active: false } }],
    });
    expect(off.json.active).toBe(false);
    expect((await scim('PUT', `/Users/${json.id}`, { ...person, active: true })).json.active).toBe(true);
    expect((await userOf(json.id)).enabled).toBe(true);
    expect(api.log()).not.toContain('1mz050nq');
  });
});

describe('groups', () => {
  const groups = '/Groups';
  const change = (id: string, ...Operations: readonly object[]) =>
    scim('PATCH', `${groups}/${id}`, { schemas: [PATCH], Operations });
  const membersOf = async (id: string) =>
    (await scim('GET', `${groups}/${id}`)).json.members.map(({ value }: { value: string }) => value);

  it('are made empty, named, filled and emptied, as Entra does it', async () => {
    const [one, two] = [await provide(), await provide()];
    const made = await scim('POST', groups, {
      schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1a0c0',
      displayName: 'Mail agents',
      meta: { resourceType: 'Group' },
    });
    expect([made.status, made.json.members]).toEqual([201, []]);
    const { id } = made.json;
    const byName = await scim('GET', `${groups}?excludedAttributes=members&filter=displayName+eq+%22mail+agents%22`);
    expect(byName.json.Resources).toMatchObject([{ id, externalId: '8aa1a0c0' }]);
    expect(byName.json.Resources[0]).not.toHaveProperty('members');
    expect((await change(id, { op: 'Replace', path: 'displayName', value: 'Agents' })).status).toBe(204);
    const add = {
      op: 'Add',
      path: 'members',
      value: [
        { $ref: null, value: one.id },
        { $ref: null, value: two.id },
      ],
    };
    expect((await change(id, add)).status).toBe(204);
    expect(await membersOf(id)).toEqual([one.id, two.id].sort());
    expect((await scim('GET', `/Users/${one.id}`)).json.groups).toEqual([{ value: id, display: 'Agents' }]);
    expect((await find('Groups', `id eq "${id}" and members eq "${one.id}"`)).json.totalResults).toBe(1);
    const [grouped, elsewhere] = await Promise.all(
      [id, one.id].map((value) => find('Users', `groups.value eq "${value}"`)),
    );
    expect([grouped?.json.totalResults, elsewhere?.json.totalResults]).toEqual([2, 0]);
    await change(id, { op: 'Remove', path: 'members', value: [{ $ref: null, value: one.id }] });
    await change(id, { op: 'remove', path: `members[value eq "${two.id}"]` });
    expect(await membersOf(id)).toEqual([]);
    await scim('DELETE', `/Users/${two.id}`);
    for (const value of ['unknown', two.id]) {
      const unknown = await change(id, { op: 'add', path: 'members', value: [{ value }] });
      expect([unknown.status, unknown.json.scimType]).toEqual([400, 'invalidValue']);
    }
    expect((await scim('POST', groups, { displayName: 'AGENTS' })).json).toMatchObject({ scimType: 'uniqueness' });
    expect((await scim('DELETE', `${groups}/${id}`)).status).toBe(204);
    expect((await scim('DELETE', `${groups}/${id}`)).status).toBe(404);
  });

  it('have ten thousand members at most, however many operations bring them', async () => {
    const { id } = (await scim('POST', groups, { displayName: 'All of us' })).json;
    const half = (half: string) => Array.from({ length: 5_001 }, (_, index) => ({ value: `${half}${index}` }));
    const { status, json } = await change(
      id,
      { op: 'add', path: 'members', value: half('a') },
      { op: 'add', path: 'members', value: half('b') },
    );
    expect([status, json.detail]).toEqual([400, expect.stringContaining('at most 10000 members')]);
  });

  it('are in the answer to a change that names attributes, as they are now', async () => {
    const { id } = (await scim('POST', groups, { displayName: 'Asked for' })).json;
    const body = { Operations: [{ op: 'replace', value: { displayName: 'Answered' } }] };
    const { status, json } = await scim('PATCH', `${groups}/${id}?attributes=displayName`, body);
    expect([status, json]).toEqual([200, { schemas: [GROUP], id, displayName: 'Answered' }]);
  });

  it('keep both of two members who are added at the same time', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => provide()));
    const { id } = (await scim('POST', groups, { displayName: 'At once' })).json;
    await Promise.all(people.map(({ id: value }) => change(id, { op: 'add', path: 'members', value: [{ value }] })));
    expect(await membersOf(id)).toHaveLength(5);
  });

  it('that are mapped to a team fill it: their people see its queues, and lose them when they leave', async () => {
    const queue = await aQueue(api.db, 'Refunds');
    const team = (await asAdmin('POST', '/teams', { name: 'Refunds', queueIds: [queue] })).json.id;
    const [one, two] = [await provide(), await provide()];
    const { id } = (await scim('POST', groups, { displayName: 'Refunders', members: [{ value: one.id }] })).json;
    const teamsOf = async (person: { id: string }) =>
      (await userOf(person.id)).teams.map(({ name }: { name: string }) => name);
    expect(await teamsOf(one)).toEqual([]);
    const mapped = await asAdmin('PUT', `/provisioning/groups/${id}`, { teamId: team });
    expect(mapped.json.groups).toContainEqual({ id, displayName: 'Refunders', teamId: team, people: 1 });
    expect(await teamsOf(one)).toEqual(['Refunds']);
    await change(id, { op: 'add', path: 'members', value: [{ value: two.id }] });
    expect(await teamsOf(two)).toEqual(['Refunds']);

    // A person of two groups leaves the team of the one that they left.
    const second = (await asAdmin('POST', '/teams', { name: 'Complaints', queueIds: [] })).json.id;
    const both = (await scim('POST', groups, { displayName: 'Both', members: [{ value: one.id }] })).json.id;
    await asAdmin('PUT', `/provisioning/groups/${both}`, { teamId: second });
    expect(await teamsOf(one)).toEqual(['Complaints', 'Refunds']);
    await change(both, { op: 'remove', path: `members[value eq "${one.id}"]` });
    expect(await teamsOf(one)).toEqual(['Refunds']);

    // The people of a group go along to another team.
    await asAdmin('PUT', `/provisioning/groups/${id}`, { teamId: second });
    expect([await teamsOf(one), await teamsOf(two)]).toEqual([['Complaints'], ['Complaints']]);
    await asAdmin('PUT', `/provisioning/groups/${id}`, { teamId: team.toUpperCase() });

    // One who is in another group of the same team stays.
    const other = (await scim('POST', groups, { displayName: 'Also', members: [{ value: two.id }] })).json.id;
    await asAdmin('PUT', `/provisioning/groups/${other}`, { teamId: team });
    await scim('DELETE', `${groups}/${id}`);
    expect([await teamsOf(one), await teamsOf(two)]).toEqual([[], ['Refunds']]);
    // Who is deleted leaves the teams of groups, and no others; the groups keep their other people.
    await change(other, { op: 'add', path: 'members', value: [{ value: one.id }] });
    expect((await asAdmin('PATCH', `/teams/${second}`, { userIds: [two.id] })).status).toBe(200);
    await scim('DELETE', `/Users/${two.id}`);
    expect([await teamsOf(one), await teamsOf(two)]).toEqual([['Refunds'], ['Complaints']]);
    await change(other, { op: 'remove', path: 'members' });
    expect(await membersOf(other)).toEqual([]);
    expect((await asAdmin('PUT', `/provisioning/groups/${one.id}`, { teamId: null })).status).toBe(404);
    expect((await asAdmin('PUT', `/provisioning/groups/${other}`, { teamId: one.id })).status).toBe(422);
  });
});

describe('new people', () => {
  it('get what administrators chose for them', async () => {
    const chosen = { profile: 'Supervisor', allQueues: true };
    expect((await asAdmin('PUT', '/provisioning', chosen)).json).toMatchObject({ newPeople: chosen });
    expect(await userOf((await provide()).id)).toMatchObject(chosen);
    expect((await asAdmin('PUT', '/provisioning', { profile: 'Admin', allQueues: true })).status).toBe(422);
  });

  it('arrive in a row without being held up by a limit of attempts', async () => {
    for (let batch = 0; batch < 6; batch++) {
      const people = Array.from({ length: 10 }, () => aPerson());
      const answers = await Promise.all(people.map((person) => scim('POST', '/Users', person)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    }
  });
});

describe('what is not SCIM', () => {
  it.each([
    ['broken JSON', '{', 'application/scim+json', 400],
    ['a reserved name', '{"__proto__": {}}', 'application/json', 400],
    ['no JSON', 'userName=a', 'application/x-www-form-urlencoded', 415],
    ['too much', `{"userName": "${'a'.repeat(1_100_000)}"}`, 'application/scim+json', 413],
  ])('is refused with an error of SCIM: %s', async (_what, payload, type, status) => {
    const response = await api.app.inject({
      method: 'POST',
      url: '/scim/v2/Users',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      payload,
    });
    expect([response.statusCode, response.json().schemas]).toEqual([status, [ERROR]]);
  });
});
