import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refuseAccess } from '../../database/accounts/access-refusal.ts';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { requireSignIn } from '../../database/accounts/account-sign-in.ts';
import { findSettingsView, saveSettings } from '../../database/accounts/settings.ts';
import { refuseSettings } from '../../database/accounts/settings-refusal.ts';
import { completeSignIn } from '../../database/sign-in/sign-ins.ts';
import { findTokenCache, putTokenCache } from '../../database/sign-in/token-caches.ts';
import { Failure } from '../../domain/failure.ts';
import { showCondition } from '../../ingest/access/show-condition.ts';
import { createSignInProbe } from '../../worker/sign-in-probe.ts';
import { signedIn, simulatorSettings } from '../graph/simulated-sign-in.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(async () => {
  await reader.control.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 3_600 });
  await save(simulatorSettings.clientSecret);
});
afterAll(() => reader.stop());

/** Without the secret of before, which would stand in for one that is refused. */
const save = (clientSecret: string) =>
  saveSettings(reader.db, reader.dependencies.keys, 'cli', { ...simulatorSettings, clientSecret, keepPrevious: false });
const now = async () => {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(reader.db);
  return rows[0]?.at ?? expect.fail('no time');
};
/** Seconds until the account is polled. */
const dueIn = async (id: string) => {
  const row = await reader.db
    .selectFrom('watches')
    .select(sql<number>`extract(epoch from due_at - clock_timestamp())::float8`.as('seconds'))
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
  return row.seconds;
};

describe('settings that Microsoft refuses', () => {
  it('end the drain without a failure: the account waits, and is due at once when others are saved', async () => {
    // Tokens that are nearly over are renewed at each drain, and renewing needs the secret.
    await reader.control.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 60 });
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'waits');
    await save('not the right one at all');
    await sql`update settings set updated_at = now() - interval '1 minute'`.execute(reader.db);
    expect(await reader.drain(id)).toMatchObject({ captured: 0, hasMore: false });
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: 'SettingsRejected', signIn: 'done' });
    expect((await findSettingsView(reader.db))?.fault).toMatchObject({ reason: 'secret-wrong' });
    expect(await dueIn(id)).toBeGreaterThan(30);
    expect(await reader.poll(id)).toMatchObject({ outcome: 'failed', next: 'retry' });
    expect(await dueIn(id)).toBeGreaterThan(30);

    await save(simulatorSettings.clientSecret);
    expect(await dueIn(id)).toBeLessThanOrEqual(0);
    expect(await reader.drain(id)).toMatchObject({ captured: 1 });
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
  });

  it('are no fault any more when others were saved while they were tried', async () => {
    const { id } = await reader.connect();
    const startedAt = await now();
    await save(simulatorSettings.clientSecret);
    await refuseSettings(reader.db, { accountId: id, startedAt, reason: 'secret-wrong', code: 'AADSTS7000215' });
    expect((await findSettingsView(reader.db))?.fault).toBeUndefined();
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
    expect(await dueIn(id)).toBeLessThanOrEqual(0);
  });
});

/** Lets what hinders an account, or its needed sign-in, have lasted for so many minutes more. */
const age = (id: string, minutes: number) =>
  sql`update accounts set condition_since = condition_since - ${minutes} * interval '1 minute',
    sign_in_since = sign_in_since - ${minutes} * interval '1 minute' where id = ${id}`.execute(reader.db);

const accountOf = (id: string) =>
  reader.db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('access that Graph refuses while Entra gives tokens', () => {
  afterEach(() => reader.control.clearFaults());

  it.each([
    [
      'a 401',
      { kind: 'token-refused' },
      { conditionReason: 'token-refused', conditionStatus: 401, conditionCode: 'InvalidAuthenticationToken' },
    ],
    [
      'a 403',
      { kind: 'access-denied' },
      { conditionReason: 'access-denied', conditionStatus: 403, conditionCode: 'ErrorAccessDenied' },
    ],
  ])('%s is a condition, keeps the sign-in, and ends by itself', async (_what, fault, shown) => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'waits');
    await reader.control.addFault({ ...fault, mailbox: address });
    expect(await reader.drain(id)).toMatchObject({ captured: 0, hasMore: false });
    const requestId = expect.stringMatching(/^[\w-]{36}$/);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      conditionType: 'AccessRefused',
      conditionRequestId: requestId,
      ...shown,
    });
    await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionType: 'AccessRefused', conditionAttempts: 2 });
    await reader.control.clearFaults();
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', next: 'wait' });
    expect(await accountOf(id)).toMatchObject({ conditionType: null, conditionAttempts: 0, conditionRequestId: null });
    expect(await reader.subjects(id)).toEqual(['waits']);
  });

  it('is asked again at first in seconds, later in minutes', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'token-refused', mailbox: address });
    await reader.drain(id);
    expect(await dueIn(id)).toBeGreaterThan(3);
    expect(await dueIn(id)).toBeLessThanOrEqual(5);
    await reader.poll(id);
    expect(await dueIn(id)).toBeLessThanOrEqual(5);
    await age(id, 4);
    await reader.poll(id);
    expect(await dueIn(id)).toBeGreaterThan(100);
    expect(await dueIn(id)).toBeLessThanOrEqual(125);
    await age(id, 24 * 60);
    await reader.poll(id);
    expect(await dueIn(id)).toBeGreaterThan(590);
    expect(await dueIn(id)).toBeLessThanOrEqual(600);
    // Neither time nor tries make a missing sign-in of it.
    for (let attempts = 4; attempts < 9; attempts += 1) await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionAttempts: 9 });
  });

  it.each([
    ['a web page', { status: 200 }, 'foreign-answer'],
    ['a web page that forbids', { status: 403 }, 'foreign-answer'],
    ['a redirect', { status: 302 }, 'redirected'],
    ['a proxy that wants a password', { status: 407 }, 'proxy-refused'],
  ])('%s from something in between is named as what it is', async (_what, { status }, reason) => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'foreign-answer', status, mailbox: address, endpoint: '/v1.0/' });
    await expect(reader.drain(id)).rejects.toMatchObject({ type: 'Unavailable' });
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      conditionType: 'Unavailable',
      conditionReason: reason,
      conditionStatus: status,
    });
  });

  it('counts for nothing when somebody signed in since', async () => {
    const { id } = await reader.connect();
    const { signInNumber } = await accountOf(id);
    const refusal = new Failure('AccessRefused', 'x', { reason: 'token-refused' });
    const before = { accountId: id, signInNumber: signInNumber - 1 };
    expect(await refuseAccess(reader.db, before, refusal)).toBe(0);
    expect(await accountOf(id)).toMatchObject({ conditionType: null });
  });
});

describe('a claims challenge of Graph', () => {
  it('that Entra refuses asks for a person', async () => {
    const { id, address } = await reader.connect();
    await reader.control.revoke(address, 'password-changed');
    await expect(reader.drain(id)).rejects.toMatchObject({ type: 'CredentialRejected' });
    expect(await accountOf(id)).toMatchObject({
      signIn: 'needed',
      signInReason: 'password-changed',
      signInCode: 'AADSTS50173',
      signInStatus: 400,
      signInRequestId: expect.stringMatching(/^[\w-]{36}$/),
    });
  });
});

describe('a shared mailbox that gives no access', () => {
  /** Signed in as somebody who has access. */
  async function aSharedMailbox() {
    const { id, address } = await reader.connect();
    const owner = `owner-${address}`;
    await reader.control.call('PUT', `/mailboxes/${address}/delegates/${owner}`);
    const store = await signedIn(reader.dependencies.cloud, owner, simulatorSettings, 'shared');
    await reader.db
      .updateTable('accounts')
      .set({ signInAs: owner, signInNumber: sql`sign_in_number + 1` })
      .where('id', '=', id)
      .execute();
    await putTokenCache(reader.db, reader.dependencies.keys, id, (await store.read())?.cache ?? '');
    await reader.db.deleteFrom('cursors').where('accountId', '=', id).execute();
    await reader.drain(id);
    expect(await accountOf(id)).toMatchObject({ conditionType: null });
    const access = (method: 'PUT' | 'DELETE') =>
      reader.control.call(method, `/mailboxes/${address}/delegates/${owner}`);
    return { id, address, access };
  }

  it('is asked for minutes before it is believed, and heals without a person when the access comes back', async () => {
    const { id, address, access } = await aSharedMailbox();
    await access('DELETE');
    await reader.drain(id);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      conditionType: 'AccessRefused',
      conditionReason: 'mailbox-access-denied',
      conditionCode: 'ErrorItemNotFound',
      conditionStatus: 404,
    });
    // Long, but asked only twice: a standstill of ours proves nothing.
    await age(id, 60);
    await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done' });
    for (let attempts = 2; attempts < 4; attempts += 1) await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionAttempts: 4 });
    await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'needed',
      signInReason: 'mailbox-access-denied',
      signInStatus: 404,
    });

    await probe(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'needed' });
    await access('PUT');
    await reader.deliver(address, 'came meanwhile');
    await probe(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', signInReason: null, signInProbeAt: null });
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', next: 'wait' });
    expect(await reader.subjects(id)).toEqual(['came meanwhile']);
  });

  it('and is believed at once as little when it was refused often within a moment', async () => {
    const { id, access } = await aSharedMailbox();
    await access('DELETE');
    await reader.drain(id);
    for (let attempts = 1; attempts < 8; attempts += 1) await reader.poll(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionAttempts: 8 });
    await access('PUT');
    await reader.drain(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionType: null });
  });
});

/** Tries the sign-in of an account as a worker does when it is due; which workflows it told. */
async function probe(id: string): Promise<string[]> {
  await reader.db
    .updateTable('accounts')
    .set({ signInProbeAt: new Date(0) })
    .where('id', '=', id)
    .execute();
  const told: string[] = [];
  const mailboxes = {
    async wake({ id: accountId }: { readonly id: string }) {
      told.push(accountId);
      if (temporalIsAway) throw new Failure('Unavailable', 'away', { reason: 'temporal-down' });
    },
  };
  const probeSignIns = createSignInProbe(reader.dependencies, mailboxes, pino({ level: 'silent' }));
  await probeSignIns(new AbortController().signal);
  return told;
}
let temporalIsAway = false;

describe('a sign-in that is needed', () => {
  afterEach(() => {
    temporalIsAway = false;
    return reader.control.clearFaults();
  });

  async function aRefusedAccount(fault: object = { kind: 'invalid-grant' }) {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ ...fault, mailbox: address });
    const { signInNumber } = await accountOf(id);
    const refused = await reader.dependencies.tokens
      .get({ accountId: id, signInNumber }, { forceRefresh: true })
      .catch((error: Failure) => error);
    await showCondition(reader.dependencies, { accountId: id, signInNumber, startedAt: new Date() }, refused);
    expect(await accountOf(id)).toMatchObject({ signIn: 'needed' });
    return { id, address };
  }

  it('is tried again, and needs nobody once Entra accepts it', async () => {
    const { id, address } = await aRefusedAccount();
    expect(await probe(id)).toEqual([]);
    expect(await accountOf(id)).toMatchObject({ signIn: 'needed', signInCode: 'AADSTS700082' });
    await reader.control.clearFaults();
    await reader.deliver(address, 'came meanwhile');
    expect(await probe(id)).toEqual([id]);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      signInReason: null,
      signInCode: null,
      signInProbeAt: null,
    });
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', next: 'wait' });
    const events = await reader.db
      .selectFrom('events')
      .select('name')
      .where('accountId', '=', id)
      .orderBy('id')
      .execute();
    expect(events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['account.sign-in-needed', 'account.sign-in-restored']),
    );
  });

  it('tells its workflow later when Temporal is away, and is read until then', async () => {
    const { id } = await aRefusedAccount();
    await reader.control.clearFaults();
    temporalIsAway = true;
    expect(await probe(id)).toEqual([id]);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', signInProbeAt: expect.any(Date) });
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', captured: 0 });
    temporalIsAway = false;
    expect(await probe(id)).toEqual([id]);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', signInProbeAt: null });
  });

  it('says what the last try was refused for', async () => {
    const { id, address } = await aRefusedAccount();
    await reader.control.clearFaults();
    await reader.control.addFault({ kind: 'entra-refusal', aadsts: 530003, mailbox: address });
    await probe(id);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'needed',
      signInReason: 'device-required',
      signInCode: 'AADSTS530003',
    });
  });

  it('is not judged by an outage', async () => {
    const { id, address } = await aRefusedAccount();
    await reader.control.clearFaults();
    await reader.control.addFault({ kind: 'unavailable', mailbox: address, endpoint: 'oauth2' });
    expect(await probe(id)).toEqual([]);
    expect(await accountOf(id)).toMatchObject({ signIn: 'needed', signInReason: 'sign-in-expired' });
  });

  it('is tried less and less often', async () => {
    const { id } = await aRefusedAccount();
    const dueInMinutes = async () => (((await accountOf(id)).signInProbeAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(await dueInMinutes()).toBeLessThanOrEqual(1);
    await age(id, 20);
    await probe(id);
    expect(await dueInMinutes()).toBeGreaterThan(19);
    expect(await dueInMinutes()).toBeLessThan(25);
    await age(id, 10_000);
    await probe(id);
    expect(await dueInMinutes()).toBeGreaterThan(59);
    expect(await dueInMinutes()).toBeLessThan(73);
  });
});

describe('a sign-in that Microsoft refuses', () => {
  const signInNumberOf = async (id: string) =>
    (await reader.db.selectFrom('accounts').select('signInNumber').where('id', '=', id).executeTakeFirstOrThrow())
      .signInNumber;

  /** Signs in again, with the same tokens. */
  async function signInAgain(accountId: string): Promise<void> {
    const { db, dependencies } = reader;
    const { cache = '' } = (await findTokenCache(db, dependencies.keys, accountId)) ?? {};
    const identity = { tenantId: 'x', objectId: 'x', username: 'x', displayName: 'x' };
    const { address, inboxId } = await reader.db
      .selectFrom('accounts')
      .select(['address', 'inboxId'])
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const account = {
      address,
      signInAs: null,
      access: 'delegated' as const,
      inboxId,
      identityTenantId: null,
      identityObjectId: null,
    };
    const attempt = { id: crypto.randomUUID(), accountId, signInAs: null, account };
    const signedIn = { tokenCache: cache, identity, maySend: false, address, inboxId: undefined, clockSkewMs: 0 };
    await completeSignIn(db, dependencies.keys, attempt, signedIn);
  }

  it('makes the account wait for a person', async () => {
    const { id } = await reader.connect();
    const signInNumber = await signInNumberOf(id);
    await requireSignIn(reader.db, { accountId: id, signInNumber }, { reason: 'sign-in-expired' });
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'needed', signInReason: 'sign-in-expired' });
  });

  it('is no refusal of the one that came meanwhile, also when both are written at once', async () => {
    const { id } = await reader.connect();
    const signInNumber = await signInNumberOf(id);
    await Promise.all([
      signInAgain(id),
      ...Array.from({ length: 4 }, () =>
        requireSignIn(reader.db, { accountId: id, signInNumber }, { reason: 'sign-in-expired' }),
      ),
    ]);
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done' });
    await requireSignIn(reader.db, { accountId: id, signInNumber }, { reason: 'sign-in-expired' });
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done' });
  });

  it('leaves no token of before in use after the next sign-in', async () => {
    const { id } = await reader.connect();
    const { tokens } = reader.dependencies;
    const before = { accountId: id, signInNumber: await signInNumberOf(id) };
    // Held, and nothing is asked of Entra.
    expect(await tokens.get(before)).toBe(await tokens.get(before));
    const refreshes = async () => (await reader.control.stats()).tokenRequests.total;
    const asked = await refreshes();
    await reader.db.updateTable('tokenCaches').set({ cache: 'not readable' }).where('accountId', '=', id).execute();
    expect(await tokens.get(before)).toBeTypeOf('string');
    await expect(tokens.get({ ...before, signInNumber: before.signInNumber + 1 })).rejects.toThrow();
    expect(await refreshes()).toBe(asked);
  });
});
