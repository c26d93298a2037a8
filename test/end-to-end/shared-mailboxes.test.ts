import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

interface Account {
  readonly state: string;
  readonly stateWords: string;
  readonly signIn: { readonly reason: string | null };
  readonly signInUrl: string;
}

const ANNA = 'anna@contoso.example';
const PATIENCE = { timeoutMs: 30_000, intervalMs: 100 };

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;

beforeAll(async () => {
  stack = await startTestStack();
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
});
afterEach(() => simulator.clearFaults());
afterAll(() => stack.stop());

const account = (id: string) => stack.mailroom.get<Account>(`/email/accounts/${id}`);
const access = (method: 'PUT' | 'DELETE', address: string) =>
  simulator.call(method, `/mailboxes/${address}/delegates/${ANNA}`);
const connectShared = async (address: string) => {
  await access('PUT', address);
  return await connectAccount(stack, address, { signInAs: ANNA });
};
const capturedBy = (id: string) =>
  stack.db.selectFrom('messages').select(['id', 'subject']).where('accountId', '=', id).orderBy('id').execute();
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(
    async () => expect((await capturedBy(id)).map(({ subject }) => subject).sort()).toEqual([...subjects].sort()),
    PATIENCE,
  );
/** No access is believed after minutes: they pass at once here. */
const letMinutesPass = (id: string) =>
  stack.db
    .updateTable('accounts')
    .set({ conditionSince: sql`now() - interval '1 hour'`, conditionAttempts: 10 })
    .where('id', '=', id)
    .where('conditionReason', '=', 'mailbox-access-denied')
    .execute();
const needsSignIn = (id: string) =>
  eventually(async () => {
    await letMinutesPass(id);
    expect(await account(id)).toMatchObject({
      state: 'sign-in-needed',
      signIn: { reason: 'mailbox-access-denied' },
      stateWords: 'Sign-in needed: the person who signed in has no access to this shared mailbox.',
    });
  }, PATIENCE);
const signInAgain = async (id: string) => {
  const { signInUrl } = await stack.mailroom.post<Account>(`/email/accounts/${id}/sign-in`);
  return await signIn(stack, signInUrl);
};

describe('a shared mailbox', () => {
  it('is captured apart from those of the same person, whose own goes on when it is removed', async () => {
    const own = await connectAccount(stack, ANNA);
    const team = await connectShared('team@contoso.example');
    const sales = await connectShared('sales@contoso.example');
    for (const address of [ANNA, 'team@contoso.example', 'sales@contoso.example']) {
      await simulator.deliver(address, { subject: `to ${address}` });
    }
    await arrived(team, ['to team@contoso.example']);
    await arrived(sales, ['to sales@contoso.example']);
    await arrived(own, [`to ${ANNA}`]);

    await stack.mailroom.delete(`/email/accounts/${team}`);
    await simulator.deliver('team@contoso.example', { subject: 'too late' });
    await simulator.deliver('sales@contoso.example', { subject: 'still read' });
    await simulator.deliver(ANNA, { subject: 'still read' });
    await arrived(sales, ['to sales@contoso.example', 'still read']);
    await arrived(own, [`to ${ANNA}`, 'still read']);
    await arrived(team, ['to team@contoso.example']);
  });

  it('needs nobody when Graph answers twenty of them with 401 for a while', async () => {
    const addresses = Array.from({ length: 20 }, (_, n) => `refused-${n}@contoso.example`);
    const ids: string[] = [];
    for (const address of addresses) ids.push(await connectShared(address));
    await simulator.addFault({ kind: 'token-refused' });
    for (const address of addresses) await simulator.deliver(address, { subject: 'meanwhile' });
    const rows = () =>
      stack.db.selectFrom('accounts').select(['signIn', 'conditionReason', 'conditionAttempts']).where('id', 'in', ids);
    // Each was refused at least twice.
    await eventually(async () => {
      const refused = await rows().where('conditionReason', '=', 'token-refused').where('conditionAttempts', '>', 1);
      expect(await refused.execute()).toHaveLength(20);
    }, PATIENCE);
    expect(await rows().where('signIn', '<>', 'done').execute()).toEqual([]);
    await simulator.clearFaults();
    for (const id of ids) await arrived(id, ['meanwhile']);
    for (const id of ids) expect(await account(id)).toMatchObject({ state: 'authenticated' });
    const events = await stack.db.selectFrom('events').select('name').where('accountId', 'in', ids).execute();
    expect(events).not.toContainEqual({ name: 'account.sign-in-needed' });
  });

  it('goes on when its tokens are renewed', async () => {
    await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 60 });
    try {
      const id = await connectShared('renewed@contoso.example');
      await simulator.deliver('renewed@contoso.example', { subject: 'with a new token' });
      await arrived(id, ['with a new token']);
      await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
      await simulator.deliver('renewed@contoso.example', { subject: 'with another' });
      await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true });
      await arrived(id, ['with a new token', 'with another']);
    } finally {
      await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 3_600 });
    }
  });

  it('waits for a sign-in when access is taken away, and loses nothing', async () => {
    const id = await connectShared('taken@contoso.example');
    await simulator.deliver('taken@contoso.example', { subject: 'before' });
    await arrived(id, ['before']);
    await access('DELETE', 'taken@contoso.example');
    await simulator.deliver('taken@contoso.example', { subject: 'meanwhile' });
    await needsSignIn(id);

    const refused = await signInAgain(id);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(`${ANNA} signed in, but has no access to the shared mailbox taken@contoso.example`);
    await needsSignIn(id);

    await access('PUT', 'taken@contoso.example');
    expect(await signInAgain(id)).toMatchObject({ status: 200 });
    await simulator.deliver('taken@contoso.example', { subject: 'afterwards' });
    await arrived(id, ['before', 'meanwhile', 'afterwards']);
  });

  it('goes on without a gap when somebody else signs in for it, and the first person has left', async () => {
    const address = 'inherited@contoso.example';
    const id = await connectShared(address);
    await simulator.deliver(address, { subject: 'before' });
    await arrived(id, ['before']);
    await access('DELETE', address);
    await simulator.deliver(address, { subject: 'meanwhile' });
    await needsSignIn(id);

    const carla = 'carla@contoso.example';
    await simulator.call('PUT', `/mailboxes/${address}/delegates/${carla}`);
    const { signInUrl } = await stack.mailroom.post<Account>(`/email/accounts/${id}/sign-in`, { signInAs: carla });
    expect(await signIn(stack, signInUrl)).toMatchObject({ status: 200 });
    await simulator.deliver(address, { subject: 'afterwards' });
    await arrived(id, ['before', 'meanwhile', 'afterwards']);
    const events = await stack.db.selectFrom('events').select('name').where('accountId', '=', id).execute();
    expect(events).not.toContainEqual({ name: 'account.resynced' });
  });

  it('whose access is taken away in the middle of a page is read again from there, with all attachments', async () => {
    const address = 'midway@contoso.example';
    const id = await connectShared(address);
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    await fetch(`${stack.simulatorUrl}/control/mailboxes/${address}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: mailWithAttachment,
    });
    // The page is on its way when the access ends: it is the attachments that are not found any more.
    await simulator.addFault({ kind: 'slow', mailbox: address, endpoint: 'delta', delayMs: 2_000 });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true });
    await eventually(async () => {
      const { faults } = await simulator.call<{ faults: { strikes: number }[] }>('GET', '/faults');
      expect(faults[0]?.strikes).toBeGreaterThan(0);
    }, PATIENCE);
    await access('DELETE', address);
    await needsSignIn(id);
    expect(await capturedBy(id)).toEqual([]);

    await simulator.clearFaults();
    await access('PUT', address);
    expect(await signInAgain(id)).toMatchObject({ status: 200 });
    await arrived(id, ['With a file']);
    const [message] = await capturedBy(id);
    const attachments = await stack.db
      .selectFrom('attachments')
      .select('name')
      .where('messageId', '=', message?.id as string)
      .execute();
    expect(attachments).toEqual([{ name: 'order.txt' }]);
  });
});

const mailWithAttachment = `From: Ada <ada@example.org>
To: midway@contoso.example
Subject: With a file
Message-ID: <with-a-file@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain

Hello
--part
Content-Type: text/plain; name="order.txt"
Content-Disposition: attachment; filename="order.txt"

One of each
--part--
`.replaceAll('\n', '\r\n');
