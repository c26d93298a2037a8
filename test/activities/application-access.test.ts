import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addApplicationAccount, useApplicationAccess } from '../../database/accounts/account-access.ts';
import { findSettingsView } from '../../database/accounts/settings.ts';
import {
  type DueCheck,
  findApplicationAccess,
  requestCheck,
  switchApplicationAccess,
  takeDueCheck,
} from '../../database/application-access/application-access.ts';
import { scopeOutcome } from '../../domain/application-access.ts';
import { createApplicationTokens } from '../../ingest/access/application-tokens.ts';
import { canaryResultOf, checkApplicationScope } from '../../ingest/access/check-application-scope.ts';
import { createSubscriptionKeeping } from '../../ingest/access/keep-subscription.ts';
import { createAccountTokens } from '../../ingest/access/mailbox-access.ts';
import { simulatorSettings } from '../graph/simulated-sign-in.ts';
import { startReceiver } from '../simulator/start-receiver.ts';
import { aReturnedSignIn } from '../support/simulated-organisation.ts';
import { createRunner, type Reader, startReader } from './reader.ts';

/** An application that Exchange limits to named mailboxes, and what Mailroom does with its rights. */

const CANARY = 'board@contoso.example';
let reader: Reader;
let runner: ReturnType<typeof createRunner>;

beforeAll(async () => {
  reader = await startReader();
  await reader.control.call('POST', '/mailboxes', { address: CANARY });
  // Saved long ago: a refusal right after a change is blamed on the settings before it.
  await sql`update settings set updated_at = now() - interval '1 minute'`.execute(reader.db);
  runner = runnerOf();
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

/** As in a worker that has just begun. */
function runnerOf() {
  const { dependencies } = reader;
  const tokens = createAccountTokens(dependencies, 'reading', createApplicationTokens(dependencies, 0));
  return createRunner({ ...dependencies, tokens });
}

const scope = (mailboxes?: readonly string[], afterSeconds = 0) =>
  reader.control.call('PUT', `/apps/${simulatorSettings.clientId}/exchange-roles`, {
    roles: [{ role: 'Application Mail.Read', ...(mailboxes ? { mailboxes } : {}) }],
    afterSeconds,
  });

/** Has the limit checked as a worker does. */
async function check(canaries?: readonly string[]) {
  await requestCheck(reader.db, canaries);
  const due = await takeDueCheck(reader.db);
  if (due === undefined) throw new Error('No check is due');
  return await checkApplicationScope(reader.dependencies, due, new AbortController().signal);
}

async function anAddress(): Promise<string> {
  const address = `${randomUUID()}@contoso.example`;
  await reader.control.call('POST', '/mailboxes', { address });
  return address;
}

/** Application accounts that capture mail of the last days. */
async function connect(...addresses: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const address of addresses) {
    const account = { address, defaultQueueId: undefined, backfillDays: 3 };
    ids.push((await addApplicationAccount(reader.db, 'test', account)) ?? '');
  }
  return ids;
}

/** The application may read these mailboxes, that is proved, and it is switched on. */
async function proved(...addresses: readonly string[]): Promise<void> {
  await scope(addresses);
  expect(await check([CANARY])).toMatchObject({ outcome: 'proved' });
  await switchApplicationAccess(reader.db, 'test', true);
}

const accountOf = (id: string) =>
  reader.db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('mailboxes that the application reads', () => {
  it('share one token, however many of them ask for it at once', async () => {
    const addresses = await Promise.all(Array.from({ length: 6 }, anAddress));
    await proved(...addresses);
    const ids = await connect(...addresses);
    for (const address of addresses) await reader.deliver(address, `for ${address}`);
    await reader.control.resetStats();
    const fresh = runnerOf();
    await Promise.all(ids.map(fresh.drain));
    for (const [at, id] of ids.entries()) expect(await reader.subjects(id)).toEqual([`for ${addresses[at]}`]);
    const { tokenRequests, endpoints } = await reader.control.stats();
    expect(tokenRequests).toMatchObject({ total: 1, byGrant: { client_credentials: 1 } });
    expect(Object.keys(endpoints).filter((endpoint) => endpoint.includes('/me/'))).toEqual([]);
  });

  it('are refused by name when Exchange leaves one out, and read once it is let in', async () => {
    const address = await anAddress();
    await proved();
    const [id = ''] = await connect(address);
    await reader.deliver(address, 'waits');
    await runner.drain(id);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      conditionType: 'AccessRefused',
      conditionReason: 'outside-application-scope',
      conditionStatus: 403,
    });
    await scope([address], 3_600);
    await runner.drain(id);
    expect(await reader.subjects(id)).toEqual([]);
    await scope([address]);
    await runner.drain(id);
    expect(await accountOf(id)).toMatchObject({ conditionType: null });
    expect(await reader.subjects(id)).toEqual(['waits']);
  });

  it('that do not exist, or are known by another name, say so', async () => {
    await proved();
    const [id = ''] = await connect(`${randomUUID()}@nowhere.example`);
    await expect(runner.drain(id)).rejects.toThrow();
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionType: 'MailboxGone' });
  });

  it('wait for other settings when Entra refuses the secret, and need no sign-in', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    await reader.control.addFault({ kind: 'invalid-client' });
    await runnerOf().drain(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionType: 'SettingsRejected' });
    expect((await findSettingsView(reader.db))?.fault).toMatchObject({ reason: 'secret-wrong' });
    await reader.control.clearFaults();
    await runnerOf().drain(id);
    expect(await accountOf(id)).toMatchObject({ conditionType: null });
  });

  it('wait for the app registration when Entra refuses the application by a policy', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    await reader.control.addFault({ kind: 'entra-refusal', aadsts: 53003, error: 'invalid_grant' });
    await runnerOf().drain(id);
    expect(await accountOf(id)).toMatchObject({ signIn: 'done', conditionType: 'SettingsRejected' });
    await reader.control.clearFaults();
    await runnerOf().drain(id);
  });

  it('get notifications of their own', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    const receiver = await startReceiver();
    try {
      const { dependencies } = reader;
      const tokens = createAccountTokens(dependencies, 'reading', createApplicationTokens(dependencies, 0));
      const keeping = createSubscriptionKeeping({ ...dependencies, tokens, notificationUrl: receiver.url });
      const { signal } = new AbortController();
      expect(await keeping.keepSubscription(id, signal)).toMatchObject({ isNew: true });
      expect(await keeping.endSubscription(id, signal)).toBe(true);
    } finally {
      await receiver.close();
    }
  });
});

describe('the proof that the application reads no other mailbox', () => {
  it('fails when it reads one of them, and then no mailbox is read with its rights', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    await runner.drain(id);
    await reader.deliver(address, 'too much');
    await scope();
    expect(await check()).toMatchObject({ outcome: 'readable', readable: [CANARY] });
    await runner.drain(id);
    expect(await accountOf(id)).toMatchObject({
      signIn: 'done',
      enabled: true,
      conditionType: 'AccessRefused',
      conditionReason: 'application-not-proved',
    });
    expect(await reader.subjects(id)).toEqual([]);
    await scope([address]);
    expect(await check()).toMatchObject({ outcome: 'proved' });
    await runner.drain(id);
    expect(await reader.subjects(id)).toEqual(['too much']);
  });

  it('reads nothing of the mailboxes that it tries', async () => {
    await scope();
    await reader.control.resetStats();
    await check([CANARY]);
    expect((await reader.control.stats()).endpoints).toMatchObject({
      'GET /v1.0/users/{id}/mailFolders/{id}': 1,
    });
    expect(Object.keys((await reader.control.stats()).endpoints).filter((each) => each.includes('messages'))).toEqual(
      [],
    );
  });

  it.each([
    ['Microsoft is away', { kind: 'unavailable' }, 'service-down'],
    ['Microsoft asks to wait', { kind: 'throttle' }, 'rate-limited'],
    ['Graph refuses the token', { kind: 'token-refused' }, 'token-refused'],
    ['a proxy answers', { kind: 'foreign-answer', status: 403 }, 'foreign-answer'],
  ])('is as before when %s', async (_what, fault, reason) => {
    await proved();
    const { provedAt } = await findApplicationAccess(reader.db);
    // It could be read now, but that is not seen.
    await scope();
    await reader.control.addFault({ ...fault, mailbox: CANARY });
    expect(await check()).toMatchObject({ outcome: undefined, failure: { reason } });
    expect(await findApplicationAccess(reader.db)).toMatchObject({
      outcome: 'proved',
      provedAt,
      failureReason: reason,
    });
  });

  it('is none with mailboxes that do not exist, and one that exists suffices beside them', async () => {
    await scope([]);
    const missing = 'nobody@nowhere.example';
    expect(await check([missing])).toMatchObject({ outcome: undefined, missing: [missing] });
    expect(await findApplicationAccess(reader.db)).toMatchObject({ outcome: null, failureReason: 'mailbox-not-found' });
    expect(await check([missing, CANARY])).toMatchObject({ outcome: 'proved', missing: [missing] });
  });

  it('counts for the app of the settings only', async () => {
    await proved();
    const other = randomUUID();
    await reader.db.updateTable('settings').set({ clientId: other }).execute();
    const address = await anAddress();
    const [id = ''] = await connect(address);
    await runnerOf().drain(id);
    expect(await accountOf(id)).toMatchObject({ conditionReason: 'application-not-proved' });
    await reader.db.updateTable('settings').set({ clientId: simulatorSettings.clientId }).execute();
  });

  it.each([
    ['AccessRefused', 'access-denied', 'ErrorAccessDenied', 'refused'],
    ['AccessRefused', 'access-denied', 'Authorization_RequestDenied', 'unknown'],
    ['AccessRefused', 'access-denied', undefined, 'unknown'],
    ['AccessRefused', 'token-refused', 'ErrorAccessDenied', 'unknown'],
    ['Unavailable', 'access-denied', 'ErrorAccessDenied', 'unknown'],
    ['MailboxGone', 'mailbox-not-found', 'ErrorInvalidUser', 'missing'],
  ] as const)('takes %s with %s and %s for %s', (type, reason, code, result) => {
    expect(canaryResultOf({ type, reason, code })).toBe(result);
  });

  it.each([
    [['refused', 'refused'], 'proved'],
    [['refused', 'missing'], 'proved'],
    [['refused', 'unknown'], undefined],
    [['missing', 'unknown'], undefined],
    [['missing'], undefined],
    [[], undefined],
    [['refused', 'readable'], 'readable'],
    [['unknown', 'readable', 'missing'], 'readable'],
  ] as const)('of %j is %s', (results, outcome) => {
    expect(scopeOutcome(results)).toBe(outcome);
  });

  it('is not of canaries that were replaced while it ran', async () => {
    await proved();
    await requestCheck(reader.db, [CANARY]);
    const due = await takeDueCheck(reader.db);
    const other = await anAddress();
    await requestCheck(reader.db, [other]);
    await checkApplicationScope(reader.dependencies, due as DueCheck, new AbortController().signal);
    expect(await findApplicationAccess(reader.db)).toMatchObject({ outcome: null, canaries: [other] });
    expect(await takeDueCheck(reader.db)).toMatchObject({ canaries: [other] });
    await sql`update application_access set claimed_until = null`.execute(reader.db);
  });

  it('and switching it on have the mailboxes polled that waited for it', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    await switchApplicationAccess(reader.db, 'test', false);
    await runner.drain(id);
    const postpone = () =>
      sql`update watches set state = 'polling', due_at = now() + interval '1 hour' where account_id = ${id}`.execute(
        reader.db,
      );
    const isDue = async () => {
      const { rows } = await sql<{ isDue: boolean }>`
        select due_at <= now() as is_due from watches where account_id = ${id}`.execute(reader.db);
      return rows[0]?.isDue;
    };
    await postpone();
    await switchApplicationAccess(reader.db, 'test', true);
    expect(await isDue()).toBe(true);
    await scope();
    await check();
    await postpone();
    await scope([address]);
    await check();
    expect(await isDue()).toBe(true);
  });

  it.each([
    ['ten minutes after one without a result', 11, 'service-down', false, true],
    ['not sooner', 9, 'service-down', false, false],
    ['a minute after the settings name another app', 2, null, true, true],
    ['not while they name the same', 2, null, false, false],
  ])('is repeated %s', async (_when, minutes, failureReason, isOtherApp, isDue) => {
    await proved();
    await sql`update application_access set requested_at = null, failure_reason = ${failureReason},
      tried_at = now() - ${minutes} * interval '1 minute'`.execute(reader.db);
    const clientId = isOtherApp ? randomUUID() : simulatorSettings.clientId;
    await reader.db.updateTable('settings').set({ clientId }).execute();
    const due = await takeDueCheck(reader.db);
    await reader.db.updateTable('settings').set({ clientId: simulatorSettings.clientId }).execute();
    await sql`update application_access set claimed_until = null`.execute(reader.db);
    expect(due !== undefined).toBe(isDue);
  });

  it('is repeated after a day, by one worker', async () => {
    await proved();
    expect(await takeDueCheck(reader.db)).toBeUndefined();
    await sql`update application_access set tried_at = tried_at - interval '25 hours', requested_at = null`.execute(
      reader.db,
    );
    const taken = await Promise.all([1, 2, 3].map(() => takeDueCheck(reader.db)));
    expect(taken.filter((due) => due !== undefined)).toHaveLength(1);
    await sql`update application_access set claimed_until = null`.execute(reader.db);
    await check();
  });
});

describe('an account that changes its access', () => {
  it('goes on where it was, in both directions, and captures nothing twice', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, '1 delegated');
    await reader.drain(id);
    await proved(address);
    expect(await useApplicationAccess(reader.db, 'test', id)).toBe(true);
    expect(await useApplicationAccess(reader.db, 'test', id)).toBe(false);
    expect(await reader.db.selectFrom('tokenCaches').where('accountId', '=', id).execute()).toEqual([]);
    await reader.deliver(address, '2 application');
    await reader.control.resetStats();
    expect(await runner.drain(id)).toMatchObject({ captured: 1, known: 0 });
    const { endpoints } = await reader.control.stats();
    expect(Object.keys(endpoints).some((endpoint) => endpoint.includes('/users/{id}'))).toBe(true);
    expect(await accountOf(id)).toMatchObject({ access: 'application', identityUsername: null });

    const signInId = await aReturnedSignIn({ db: reader.db, keys: reader.dependencies.keys }, reader.simulatorUrl, {
      id,
      address,
    });
    await runner.redeemSignIn(id, signInId);
    expect(await accountOf(id)).toMatchObject({ access: 'delegated', signIn: 'done', identityUsername: address });
    await reader.deliver(address, '3 delegated');
    expect(await runner.drain(id)).toMatchObject({ captured: 1, known: 0 });
    expect(await reader.subjects(id)).toEqual(['1 delegated', '2 application', '3 delegated']);
  });

  it('needs no sign-in any more', async () => {
    const { id, address } = await reader.connect();
    await reader.db.updateTable('accounts').set({ signIn: 'needed' }).where('id', '=', id).execute();
    await proved(address);
    await useApplicationAccess(reader.db, 'test', id);
    await reader.deliver(address, 'read');
    await runner.drain(id);
    expect(await reader.subjects(id)).toEqual(['read']);
  });

  it('is not read while application access is switched off', async () => {
    const address = await anAddress();
    await proved(address);
    const [id = ''] = await connect(address);
    await switchApplicationAccess(reader.db, 'test', false);
    await runner.drain(id);
    expect(await accountOf(id)).toMatchObject({ conditionReason: 'application-access-off' });
  });
});
