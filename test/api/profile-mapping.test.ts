import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addTeam } from '../../database/people/teams.ts';
import { addGroup, changeGroup, mapGroup } from '../../database/provisioning/groups.ts';
import { startForgedSignIns } from './forged-sign-in.ts';

let stack: Awaited<ReturnType<typeof startForgedSignIns>>;
let number = 0;
beforeAll(async () => {
  stack = await startForgedSignIns();
  // The one who keeps Mailroom, so that the others can lose their profile.
  await stack.api.db
    .insertInto('users')
    .values({ email: 'keeper@contoso.example', profile: 'Admin', issuer: 'elsewhere', subject: 'keeper' })
    .execute();
});
afterAll(() => stack.stop());
beforeEach(async () => {
  number += 1;
  await stack.api.db.deleteFrom('profileMappings').execute();
  stack.provider.state.userInfo = undefined;
});

const path = '/api/v1/sign-on-settings';
const read = async () => (await stack.api.call('GET', path)).json;
/** Saves settings, with everything that is not given off. */
async function save(change: Record<string, unknown>, options: Parameters<typeof stack.api.call>[2] = {}) {
  const off = {
    claim: 'roles',
    mappings: [],
    unmatchedProfile: null,
    addsPeople: false,
    stepUpMinutes: null,
    stepUpAcr: null,
  };
  const body = { ...off, version: (await read()).version, confirmed: true, ...change };
  return await stack.api.call('PUT', path, { ...options, body });
}
const to = (value: string, profile: string, teamId: string | null = null) => ({ value, profile, teamId });
const aName = () => `person-${number}`;
const userOf = async (name: string) =>
  (await stack.api.call('GET', '/api/v1/users')).json.users.find((user: { email: string }) =>
    user.email.startsWith(`${name}@`),
  );

describe('a mapping of a claim to profiles', () => {
  it('decides the profile and the teams at each sign-in, and leaves teams alone that it does not name', async () => {
    const [desk, leads, byHand] = await Promise.all(
      ['desk', 'leads', 'by hand'].map((name) => addTeam(stack.api.db, 'cli', { name })),
    );
    await save({ mappings: [to('agents', 'Agent', desk), to('leads', 'Supervisor', leads)] });
    const id = await stack.add(aName(), 'Admin');
    await stack.api.call('PATCH', `/api/v1/users/${id}`, { body: { teamIds: [byHand, desk] } });

    const first = await stack.signIn(aName(), { claims: { roles: ['leads', 'agents', 'none of ours'] } });
    expect((await stack.me(first.browser)).json).toMatchObject({ profile: 'Supervisor', allQueues: false });
    const user = await userOf(aName());
    expect(user.teams.map(({ name }: { name: string }) => name)).toEqual(['by hand', 'desk', 'leads']);
    expect(user.mappedValues).toEqual(['agents', 'leads']);

    // The session that is open has what the next sign-in brings.
    await stack.signIn(aName(), { claims: { roles: 'agents' } });
    expect((await stack.me(first.browser)).json).toMatchObject({ profile: 'Agent' });
    expect((await userOf(aName())).teams.map(({ name }: { name: string }) => name)).toEqual(['by hand', 'desk']);

    // What is set by hand lasts until then.
    await stack.api.call('PATCH', `/api/v1/users/${id}`, { body: { profile: 'Admin' } });
    await stack.signIn(aName(), { claims: { roles: ['agents'] } });
    expect((await userOf(aName())).profile).toBe('Agent');

    const rows = await stack.api.db
      .selectFrom('auditEntries')
      .select(['actor', 'changes'])
      .where('act', '=', 'session.sign-in')
      .where('objectId', '=', id)
      .orderBy('id')
      .execute();
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ actor: `user:${id}` });
    expect(rows[0]?.changes).toContainEqual(
      expect.objectContaining({
        table: 'users',
        before: expect.objectContaining({ profile: 'Admin' }),
        after: expect.objectContaining({ profile: 'Supervisor' }),
      }),
    );
  });

  it.each([
    ['none of its values', { roles: ['other'] }, 'Your account has no role in Mailroom'],
    ['no claim', {}, 'Your account has no role in Mailroom'],
    ['no claim, of a provider whose UserInfo fails', { isSilent: true }, 'did not name your groups or roles'],
    ['an object', { roles: { agents: true } }, 'Your account has no role in Mailroom'],
    [
      'ten thousand values',
      { roles: Array.from({ length: 10_000 }, () => 'agents') },
      'did not name your groups or roles',
    ],
    ['more than the provider sends', { _claim_names: { roles: 'src1' } }, 'did not name your groups or roles'],
  ])('refuses who has %s, in words, and changes nothing', async (_name, claims, words) => {
    await save({ mappings: [to('agents', 'Agent')] });
    await stack.add(aName(), 'Supervisor');
    stack.provider.state.userInfo = 'isSilent' in claims ? undefined : { sub: aName() };
    const answer = await stack.signIn(aName(), { claims });
    expect([answer.status, answer.browser.cookie]).toEqual([403, '']);
    expect(answer.text).toContain(words);
    expect(await userOf(aName())).toMatchObject({ profile: 'Supervisor', bound: false, mappedValues: null });
  });

  it('gives the default profile to who was added and has none of its values, but never where they are not known', async () => {
    await save({ mappings: [to('leads', 'Supervisor')], unmatchedProfile: 'Agent' });
    await stack.add(aName(), 'Admin');
    const { browser } = await stack.signIn(aName(), { claims: { roles: ['other'] } });
    expect((await stack.me(browser)).json).toMatchObject({ profile: 'Agent' });
    expect((await userOf(aName())).mappedValues).toEqual([]);
    expect((await stack.signIn(aName(), { claims: { _claim_names: { roles: 'src1' } } })).status).toBe(403);
    expect((await stack.signIn('stranger', { claims: { roles: ['other'] } })).text).toContain(
      'not a user of Mailroom yet',
    );
  });

  it('adds people with one of its values where that is set, each once, and no others', async () => {
    const team = await addTeam(stack.api.db, 'cli', { name: 'new people' });
    await save({ mappings: [to('agents', 'Agent', team)] });
    expect((await stack.signIn(aName(), { claims: { roles: ['agents'] } })).status).toBe(403);
    await save({ mappings: [to('agents', 'Agent', team)], addsPeople: true, unmatchedProfile: 'Supervisor' });
    expect((await stack.signIn('stranger', { claims: { roles: ['other'] } })).text).toContain('no role in Mailroom');
    const begun = await Promise.all([1, 2, 3].map(() => stack.begin(aName(), { claims: { roles: ['agents'] } })));
    const ended = await Promise.all(begun.map((each) => each.end()));
    expect(ended.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
    const added = await userOf(aName());
    expect(added).toMatchObject({ profile: 'Agent', allQueues: false, bound: true, teams: [{ name: 'new people' }] });
    expect((await stack.signIn(aName(), { claims: { roles: ['agents'] } })).status).toBe(303);
  });

  it('shares a team with a group of SCIM: a person is in it while either names them', async () => {
    const team = await addTeam(stack.api.db, 'cli', { name: 'shared' });
    const another = await addTeam(stack.api.db, 'cli', { name: 'another' });
    await save({ mappings: [to('shared', 'Agent', team), to('others', 'Agent', another)] });
    const id = await stack.add(aName());
    const { db } = stack.api;
    const group = await addGroup(db, 'cli', { externalId: undefined, displayName: 'Shared', members: [id] });
    if (typeof group === 'string') throw new TypeError(group);
    await mapGroup(db, 'cli', { id: group.id, teamId: team });
    const holds = async () => (await userOf(aName())).teams.some((each: { id: string }) => each.id === team);
    const signIn = (roles: string) => stack.signIn(aName(), { claims: { roles } });
    const putMembers = (members: readonly string[]) =>
      changeGroup(db, 'cli', group.id, (before) => ({ ...before, members }));

    await signIn('others');
    expect(await holds()).toBe(true);
    await putMembers([]);
    expect(await holds()).toBe(false);
    await putMembers([id]);
    await signIn('shared');
    await putMembers([]);
    expect(await holds()).toBe(true);
    await signIn('others');
    expect(await holds()).toBe(false);

    // Values of a claim that is not mapped any more name no team.
    await putMembers([id]);
    await signIn('shared');
    await save({ claim: null, mappings: [to('shared', 'Agent', team)] });
    await putMembers([]);
    expect(await holds()).toBe(false);
  });

  it('asks UserInfo for the claim where the id token does not have it', async () => {
    await save({ claim: 'groups', mappings: [to('desk', 'Supervisor')] });
    await stack.add(aName());
    stack.provider.state.userInfo = { sub: aName(), groups: ['desk'] };
    const { browser } = await stack.signIn(aName());
    expect((await stack.me(browser)).json).toMatchObject({ profile: 'Supervisor' });
    // It completes the id token, and never replaces what that says.
    expect((await stack.signIn(aName(), { claims: { groups: [] } })).status).toBe(403);
  });

  it('is not asked any more once profiles are set by hand again', async () => {
    await save({ mappings: [to('leads', 'Supervisor')] });
    await stack.add(aName());
    await stack.signIn(aName(), { claims: { roles: ['leads'] } });
    await save({ claim: null, mappings: [to('leads', 'Supervisor')] });
    await stack.signIn(aName(), { claims: { roles: [] } });
    expect(await userOf(aName())).toMatchObject({ profile: 'Supervisor', mappedValues: null });
  });
});

describe('the last administrator', () => {
  const onlyKeep = async (names: readonly string[]) => {
    await stack.api.db
      .updateTable('users')
      .set({ profile: 'Agent' })
      .where(
        'email',
        'not in',
        names.map((name) => `${name}@contoso.example`),
      )
      .execute();
  };

  it.each([
    ['has none of the values', { roles: [] }],
    ['has values of a lower profile', { roles: ['agents'] }],
    ['has values that are not known', { _claim_names: { roles: 'src1' } }],
  ])('comes in as administrator who %s', async (_name, claims) => {
    const id = await stack.add(aName(), 'Admin');
    await save({ claim: null });
    await stack.signIn(aName());
    await onlyKeep([aName()]);
    await save({ mappings: [to('agents', 'Agent')] });
    const { browser } = await stack.signIn(aName(), { claims });
    expect((await stack.me(browser)).json).toMatchObject({ profile: 'Admin' });
    const kept = await stack.api.db
      .selectFrom('events')
      .select('id')
      .where('targetId', '=', id)
      .where('name', '=', 'user.kept-administrator')
      .execute();
    expect(kept).toHaveLength(1);
  });

  it.each([
    ['who never signed in', { issuer: null, subject: null }],
    ['who is disabled', { enabled: false }],
  ])('keeps the profile beside another %s', async (_who, other) => {
    await stack.add(aName(), 'Admin');
    await save({ claim: null });
    await stack.signIn(aName());
    await onlyKeep([aName()]);
    const email = `other-${number}@contoso.example`;
    await stack.api.db
      .insertInto('users')
      .values({ email, profile: 'Admin', issuer: 'elsewhere', subject: email, ...other })
      .execute();
    await save({ mappings: [to('agents', 'Agent')] });
    const { browser } = await stack.signIn(aName(), { claims: { roles: ['agents'] } });
    expect((await stack.me(browser)).json).toMatchObject({ profile: 'Admin' });
  });

  it('is one of two who lose their values at the same moment', async () => {
    const names = [`${aName()}-a`, `${aName()}-b`];
    for (const name of names) await stack.add(name, 'Admin');
    await save({ claim: null });
    for (const name of names) await stack.signIn(name);
    await onlyKeep(names);
    await save({ mappings: [to('agents', 'Agent')] });
    const begun = [];
    for (const name of names) begun.push(await stack.begin(name, { claims: { roles: ['agents'] } }));
    for (const { status } of await Promise.all(begun.map((each) => each.end()))) expect(status).toBe(303);
    const profiles = await Promise.all(names.map(async (name) => (await userOf(name)).profile));
    expect(profiles.sort()).toEqual(['Admin', 'Agent']);
  });
});

describe('the settings of a mapping', () => {
  it('are saved by administrators, not over others, and only with teams that there are', async () => {
    expect((await stack.api.call('GET', path, { key: stack.api.apiKeys.Supervisor })).status).toBe(403);
    expect((await save({}, { key: stack.api.apiKeys.Supervisor })).status).toBe(403);
    const saved = await save({ mappings: [to('b', 'Agent'), to('a', 'Admin')] });
    expect(saved.json.mappings).toEqual([to('a', 'Admin'), to('b', 'Agent')]);
    expect((await save({ version: saved.json.version - 1 })).json.reason).toBe('sign-on-settings-changed');
    const gone = await save({ mappings: [to('a', 'Admin', '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11')] });
    expect([gone.status, gone.json.errors[0].path]).toEqual([422, '/mappings']);
  });

  it.each([
    [{ claim: '' }, '/claim'],
    [{ unmatchedProfile: 'Admin' }, '/unmatchedProfile'],
    [{ mappings: [to('', 'Agent')] }, '/mappings/0/value'],
    [{ mappings: [to('x'.repeat(501), 'Agent')] }, '/mappings/0/value'],
    [{ mappings: Array.from({ length: 501 }, (_, index) => to(String(index), 'Agent')) }, '/mappings'],
    [{ stepUpMinutes: 1 }, '/stepUpMinutes'],
  ])('refuse %o', async (change, wrong) => {
    const { status, json } = await save(change);
    expect([status, json.errors[0].path]).toEqual([422, wrong]);
  });

  it('ask first who would lose the profile Admin by them, and stand in the trail with before and after', async () => {
    await save({ mappings: [to('admins', 'Admin')] });
    await stack.add(aName());
    const { browser } = await stack.signIn(aName(), { claims: { roles: ['admins'] } });
    const as = { key: null, headers: browser };
    const without = { mappings: [to('others', 'Admin')], confirmed: false };
    expect((await save(without, as)).json.reason).toBe('mapping-takes-administration');
    expect((await save({ claim: 'groups', mappings: [to('admins', 'Admin')], confirmed: false }, as)).status).toBe(409);
    expect((await save({ mappings: [to('admins', 'Admin'), to('b', 'Agent')], confirmed: false }, as)).status).toBe(
      200,
    );
    expect((await save({ ...without, confirmed: true }, as)).status).toBe(200);
    // A key has no person: it is asked when no one is an administrator by the mapping.
    expect((await save({ mappings: [to('b', 'Agent')], confirmed: false })).json.reason).toBe(
      'mapping-takes-administration',
    );

    const entry = await stack.api.db
      .selectFrom('auditEntries')
      .select(['actor', 'changes'])
      .where('act', '=', 'sign-on-settings.change')
      .where('outcome', '=', 'done')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const changes = entry.changes as { name: string; before: object; after: object }[];
    expect(changes).toContainEqual(
      expect.objectContaining({
        table: 'profile_mappings',
        name: 'admins',
        change: 'removed',
        before: expect.objectContaining({ profile: 'Admin' }),
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        name: 'others',
        change: 'added',
        after: expect.objectContaining({ profile: 'Admin' }),
      }),
    );
  });
});
