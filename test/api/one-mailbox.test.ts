import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
});
afterAll(() => stack.stop());

const accounts = '/api/v1/email/accounts';
const ANNA = 'anna@contoso.example';
const read = async (id: string) => (await stack.call('GET', `${accounts}/${id}`)).json;
const user = (method: string, address: string, changes: object) =>
  stack.control(method, `/users${method === 'POST' ? '' : `/${address}`}`, {
    ...(method === 'POST' ? { address } : {}),
    ...changes,
  });
const grant = (address: string) => stack.control('PUT', `/mailboxes/${address}/delegates/${ANNA}`);
const deliver = (address: string, subject: string) =>
  stack.control('POST', `/mailboxes/${address}/messages`, { subject, text: 'Hello' });

/** Signs in at a link; the page on which the browser ends. */
const signInAt = async (url: string, as?: string) => {
  const way = await stack.signInAt(url, { mode: 'auto', ...(as === undefined ? {} : { as }) });
  return await stack.call('GET', way, { key: null });
};
const connect = async (address: string, more: object = {}): Promise<string> => {
  const { id, signInUrl } = await stack.addAccount(address, more);
  expect((await signInAt(signInUrl)).status).toBe(200);
  return id;
};
const signInAgain = async (id: string, body: object) => {
  const { status, json } = await stack.call('POST', `${accounts}/${id}/sign-in`, { body });
  expect(status).toBe(200);
  return String(json.signInUrl);
};
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(
    async () => {
      const rows = await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute();
      expect(rows.map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
    },
    { timeoutMs: 15_000, intervalMs: 100 },
  );

describe('a mailbox that is connected already', () => {
  it('is refused under another of its addresses, with words that name the account', async () => {
    await user('POST', 'hugo@contoso.example', { aliases: ['hugo.alias@contoso.example'] });
    const id = await connect('hugo@contoso.example');
    const alias = await stack.addAccount('hugo.alias@contoso.example');
    const page = await signInAt(alias.signInUrl);
    expect(page.status).toBe(403);
    expect(page.text).toContain('connected already, as hugo@contoso.example');
    expect(await read(alias.id)).toMatchObject({ state: 'awaiting-sign-in', signIn: { reason: 'mailbox-connected' } });
    const { events } = (await stack.call('GET', `${accounts}/${alias.id}/events?limit=1`)).json;
    expect(events).toEqual([expect.objectContaining({ name: 'account.sign-in-refused', connectedAs: id })]);
    expect(await read(id)).toMatchObject({ state: 'authenticated', sameMailbox: null });
  });

  it('is refused as a shared one where its own user has connected it, and the other way round', async () => {
    await user('POST', 'team@contoso.example', { userPrincipalName: 'team.login@contoso.example' });
    await grant('team@contoso.example');
    await connect('team@contoso.example');
    const shared = await stack.addAccount('team.login@contoso.example', { signInAs: ANNA });
    expect((await signInAt(shared.signInUrl, ANNA)).text).toContain('connected already, as team@contoso.example');

    await user('POST', 'sales@contoso.example', { userPrincipalName: 'sales.login@contoso.example' });
    await grant('sales@contoso.example');
    await connect('sales.login@contoso.example', { signInAs: ANNA });
    const own = await stack.addAccount('sales@contoso.example');
    expect((await signInAt(own.signInUrl)).text).toContain('connected already, as sales.login@contoso.example');
  });

  it('may be connected under another address when the first account is removed, and its mail is not queued again', async () => {
    await user('POST', 'petra@contoso.example', { aliases: ['petra.alias@contoso.example'] });
    const first = await connect('petra@contoso.example', { backfillDays: 1 });
    await deliver('petra@contoso.example', 'before');
    await arrived(first, ['before']);
    await stack.call('DELETE', `${accounts}/${first}`);
    const second = await connect('petra.alias@contoso.example', { backfillDays: 1 });
    await deliver('petra@contoso.example', 'after');
    await arrived(second, ['after']);
  });

  it('may be signed in to again', async () => {
    const id = await connect('again@contoso.example');
    expect((await signInAt(await signInAgain(id, {}))).status).toBe(200);
  });
});

describe('a mailbox that was renamed', () => {
  it('has its new address after the same person has signed in again, and loses and doubles nothing', async () => {
    const id = await connect('maiden@contoso.example');
    await deliver('maiden@contoso.example', 'one');
    await arrived(id, ['one']);
    await user('PATCH', 'maiden@contoso.example', { address: 'married@contoso.example' });
    await deliver('married@contoso.example', 'two');
    expect((await signInAt(await signInAgain(id, {}), 'married@contoso.example')).status).toBe(200);
    expect(await read(id)).toMatchObject({ address: 'married@contoso.example', signInAs: null });
    await deliver('married@contoso.example', 'three');
    await arrived(id, ['one', 'two', 'three']);
    const { events } = (await stack.call('GET', `${accounts}/${id}/events`)).json;
    expect(events.map(({ name }: { name: string }) => name)).toContain('account.address-changed');
  });

  it('takes the new address of a shared one, and only of the same mailbox', async () => {
    await grant('orders@contoso.example');
    await grant('other@contoso.example');
    const id = await connect('orders@contoso.example', { signInAs: ANNA });
    await deliver('orders@contoso.example', 'one');
    await arrived(id, ['one']);
    await user('PATCH', 'orders@contoso.example', { address: 'bestellung@contoso.example' });
    await deliver('bestellung@contoso.example', 'two');

    const wrong = await signInAt(await signInAgain(id, { address: 'other@contoso.example' }), ANNA);
    expect([wrong.status, wrong.text]).toEqual([403, expect.stringContaining('belongs to a different mailbox')]);
    expect(await read(id)).toMatchObject({ address: 'orders@contoso.example' });

    const right = await signInAt(await signInAgain(id, { address: 'Bestellung@contoso.example' }), ANNA);
    expect(right.status).toBe(200);
    expect(await read(id)).toMatchObject({ address: 'bestellung@contoso.example', signInAs: ANNA });
    await deliver('bestellung@contoso.example', 'three');
    await arrived(id, ['one', 'two', 'three']);
  });

  it('does not take the address of another account', async () => {
    const id = await connect('mine@contoso.example');
    await connect('taken@contoso.example');
    const { status, json } = await stack.call('POST', `${accounts}/${id}/sign-in`, {
      body: { address: 'taken@contoso.example' },
    });
    expect([status, json.type]).toEqual([409, expect.stringContaining('already-connected')]);
  });
});

describe('a mailbox that became a shared one', () => {
  it('is read with the access of another person from then on, and becomes its own again', async () => {
    const id = await connect('leaver@contoso.example');
    await deliver('leaver@contoso.example', 'one');
    await arrived(id, ['one']);
    await grant('leaver@contoso.example');
    expect((await signInAt(await signInAgain(id, { signInAs: ANNA }), ANNA)).status).toBe(200);
    expect(await read(id)).toMatchObject({ address: 'leaver@contoso.example', signInAs: ANNA });
    await deliver(ANNA, 'for Anna alone');
    await deliver('leaver@contoso.example', 'two');
    await arrived(id, ['one', 'two']);

    expect((await signInAt(await signInAgain(id, { signInAs: null }))).status).toBe(200);
    await deliver('leaver@contoso.example', 'three');
    await arrived(id, ['one', 'two', 'three']);
    expect(await read(id)).toMatchObject({ signInAs: null });
  });
});

describe('a limit on which mailboxes may be connected', () => {
  const limit = (allowed: readonly string[]) =>
    stack.call('PUT', '/api/v1/email/settings/allowed-addresses', { body: { allowed } });
  afterAll(() => limit([]));

  it('counts when an account is added, signed in to, or renamed; what is connected goes on', async () => {
    for (const name of ['inside', 'outside', 'late']) await user('POST', `${name}@contoso.example`, {});
    const outside = await connect('outside@contoso.example');
    const late = await stack.addAccount('late@contoso.example');
    const set = await limit([' Inside@CONTOSO.example. ', '*.contoso.example', 'Bücher.example']);
    expect(set.json.allowed).toEqual(['inside@contoso.example', '*.contoso.example', 'xn--bcher-kva.example']);
    expect(set.json.outside).toContainEqual({ id: outside, address: 'outside@contoso.example' });
    expect((await limit(['no domain'])).json.errors).toMatchObject([{ reason: 'no-address-or-domain' }]);

    const add = (body: object) => stack.call('POST', accounts, { body });
    for (const more of [{}, { signInAs: 'inside@contoso.example' }]) {
      const { status, json } = await add({ address: 'shop@contoso.example', ...more });
      expect([status, json.reason]).toEqual([422, 'address-not-allowed']);
      expect(json.detail).toContain('inside@contoso.example, *.contoso.example');
    }
    await connect('inside@contoso.example');

    // Added before the limit, and not signed in to.
    const page = await signInAt(late.signInUrl);
    expect(page.status).toBe(403);
    expect(page.text).toContain('may not be connected');
    expect(await read(late.id)).toMatchObject({ state: 'awaiting-sign-in', signIn: { reason: 'address-not-allowed' } });

    expect((await signInAt(await signInAgain(outside, {}))).status).toBe(200);
    expect(await read(outside)).toMatchObject({ state: 'authenticated' });
    const renamed = await stack.call('POST', `${accounts}/${outside}/sign-in`, {
      body: { address: 'new@contoso.example' },
    });
    expect(renamed.json.reason).toBe('address-not-allowed');
  });
});
