import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startForgedSignIns } from './forged-sign-in.ts';
import { CLIENT_ID } from './forging-provider.ts';

let stack: Awaited<ReturnType<typeof startForgedSignIns>>;
beforeAll(async () => {
  stack = await startForgedSignIns();
});
afterAll(() => stack.stop());

const sessionsOf = async (userId: string) =>
  await stack.api.db.selectFrom('sessions').select('id').where('userId', '=', userId).execute();
const signOutEverywhere = (id: string) => stack.api.call('DELETE', `/api/v1/users/${id}/sessions`);
const disable = (id: string) => stack.api.call('PATCH', `/api/v1/users/${id}`, { body: { enabled: false } });

async function logOutAtProvider(claims: Record<string, unknown>) {
  const now = Math.floor(Date.now() / 1_000);
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const token = await new SignJWT({
    aud: CLIENT_ID,
    iss: stack.provider.issuer,
    iat: now,
    exp: now + 120,
    events,
    ...claims,
  })
    .setJti(randomUUID())
    .setProtectedHeader({ alg: 'RS256', kid: stack.key.kid, typ: 'logout+jwt' })
    .sign(stack.key.privateKey);
  return await stack.api.call('POST', '/auth/back-channel-logout', {
    key: null,
    body: String(new URLSearchParams({ logout_token: token })),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

/** Holds the user's row while acts begin one after the other, each until it waits for the row. */
async function inTheOrder(userId: string, acts: readonly (() => Promise<{ status: number }>)[]) {
  const { db } = stack.api;
  return await db.transaction().execute(async (trx) => {
    await trx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
    const begun: Promise<{ status: number }>[] = [];
    for (const act of acts) {
      begun.push(act());
      await eventually(async () => {
        const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
        expect(rows[0]?.waiting).toBe(begun.length);
      });
    }
    return { ends: () => Promise.all(begun) };
  });
}

describe.each([
  ['signing out everywhere', signOutEverywhere, 400],
  ['disabling the user', disable, 403],
])('a sign-in that is under way, and %s', (name, act, status) => {
  const person = name.split(' ')[0] ?? '';

  it('ends without a session when it comes back afterwards', async () => {
    const userId = await stack.add(person);
    const { status: answered, browser } = await stack.signIn(person, { meanwhile: () => act(userId) });
    expect([answered, browser.cookie, await sessionsOf(userId)]).toEqual([status, '', []]);
  });

  it.each([
    [true, 'the sign-in is stored first'],
    [false, 'the sign-in is stored last'],
  ])('leaves no session when both happen at once: %s, %s', async (isFirst) => {
    const userId = await stack.add(`${person}-${isFirst}`);
    const signIn = await stack.begin(`${person}-${isFirst}`);
    const both = [() => signIn.end(), () => act(userId)];
    const { ends } = await inTheOrder(userId, isFirst ? both : both.reverse());
    const answers = await ends();
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, isFirst ? 303 : status].sort());
    expect(await sessionsOf(userId)).toEqual([]);
  });
});

it('lets a person in again who was signed out everywhere before the sign-in began', async () => {
  const userId = await stack.add('back');
  await stack.signIn('back');
  expect((await signOutEverywhere(userId)).json).toEqual({ ended: 1 });
  expect((await stack.signIn('back')).status).toBe(303);
});

describe('a sign-in that is under way when the provider ends', () => {
  it.each([
    ['its session there', { sid: 'ended' }, { sid: 'ended' }, 400],
    ['all sessions of the person there', { sid: 'one' }, { sub: 'grace' }, 400],
    ['a session there, without naming its own', {}, { sid: 'ended', sub: 'grace' }, 400],
    ['another session there', { sid: 'mine' }, { sid: 'ended', sub: 'grace' }, 303],
    ['all sessions of another person there', {}, { sub: 'ada' }, 303],
  ])('%s', async (name, claims, ended, status) => {
    const userId = await stack.add(`grace-${name.replaceAll(/\W+/g, '-')}`);
    await stack.api.db
      .updateTable('users')
      .set({ issuer: null, subject: null })
      .where('subject', '=', 'grace')
      .execute();
    const email = (await stack.api.call('GET', `/api/v1/users/${userId}`)).json.email;
    const meanwhile = async () => expect((await logOutAtProvider(ended)).status).toBe(200);
    const answer = await stack.signIn('grace', { claims: { email, ...claims }, meanwhile });
    expect([answer.status, (await sessionsOf(userId)).length]).toEqual([status, status === 303 ? 1 : 0]);
    if (status === 400) expect(answer.text).toContain('You were signed out while you signed in');
  });
});
