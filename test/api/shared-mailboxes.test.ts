import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAccount } from '../support/builders.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
});
afterAll(() => stack.stop());

const accounts = '/api/v1/email/accounts';
const ANNA = 'anna@contoso.example';
const visit = (path: string, headers: Record<string, string> = {}) => stack.call('GET', path, { key: null, headers });
const read = async (id: string) => (await stack.call('GET', `${accounts}/${id}`)).json;
const grant = (address: string) => stack.control('PUT', `/mailboxes/${address}/delegates/${ANNA}`);
const parametersOf = async (link: unknown) =>
  Object.fromEntries(new URL(await stack.connectAt(String(link))).searchParams);

describe('adding a shared mailbox', () => {
  it('names who signs in, and sends that person to Microsoft', async () => {
    const account = await stack.addAccount('Team@contoso.example', { signInAs: ' Anna@Contoso.example' });
    expect(account).toMatchObject({ address: 'team@contoso.example', signInAs: ANNA, identity: null });
    const parameters = await parametersOf(account.signInUrl);
    expect(parameters).toMatchObject({ login_hint: ANNA, domain_hint: 'contoso.example' });
    expect(parameters.scope?.split(' ')).toContain('https://graph.microsoft.com/Mail.Read.Shared');
    expect(parameters.scope?.split(' ')).not.toContain('https://graph.microsoft.com/Mail.Read');
    const again = await stack.call('POST', `${accounts}/${account.id}/sign-in`);
    expect(again.json).toMatchObject({ signInAs: ANNA });
    expect(await parametersOf(again.json.signInUrl)).toMatchObject({ login_hint: ANNA, scope: parameters.scope });
    const { events } = (await stack.call('GET', `${accounts}/${account.id}/events`)).json;
    expect(events.at(-1).words).toBe('Added as a shared mailbox.');
  });

  it.each([
    ['nobody', undefined],
    ['null', null],
    ['the mailbox itself', 'OWN3@contoso.example'],
  ])('is not meant where %s signs in', async (name, signInAs) => {
    const address = signInAs?.toLowerCase() ?? `${name}@contoso.example`;
    const account = await stack.addAccount(address, { signInAs });
    expect(account).toMatchObject({ address, signInAs: null });
    const { scope, login_hint } = await parametersOf(account.signInUrl);
    expect(login_hint).toBe(address);
    expect(scope).not.toContain('Mail.Read.Shared');
  });

  it.each(['anna', '', 'anna@contoso.example, bob@contoso.example', 7])(
    'is refused for what is no address: %j',
    async (signInAs) => {
      const { status, json } = await stack.call('POST', accounts, { body: { address: 'x@contoso.example', signInAs } });
      expect([400, 422]).toContain(status);
      expect(json.errors[0].path).toBe('/signInAs');
    },
  );

  it('is refused when the mailbox is connected already, whoever signs in', async () => {
    await stack.addAccount('first@contoso.example', { signInAs: ANNA });
    for (const signInAs of [undefined, ANNA, 'bob@contoso.example']) {
      const { status, json } = await stack.call('POST', accounts, {
        body: { address: 'first@contoso.example', signInAs },
      });
      expect([status, json.detail]).toEqual([409, expect.stringContaining('anna@contoso.example signs in for it')]);
    }
    await anAccount(stack.db, { address: 'own@contoso.example' });
    const { status } = await stack.call('POST', accounts, { body: { address: 'own@contoso.example', signInAs: ANNA } });
    expect(status).toBe(409);
  });

  it('lets accounts be found by who signs in', async () => {
    await stack.addAccount('found@contoso.example', { signInAs: 'carla@contoso.example' });
    const { json } = await stack.call('GET', `${accounts}?search=CARLA@`);
    expect(json).toMatchObject({ total: 1, accounts: [{ address: 'found@contoso.example' }] });
  });
});

describe('changing who signs in for a shared mailbox', () => {
  const BOB = 'bob@contoso.example';
  const again = (id: string, signInAs: unknown) =>
    stack.call('POST', `${accounts}/${id}/sign-in`, { body: { signInAs } });

  it('takes effect when that person has signed in, and stays as it was when not', async () => {
    await grant('changed@contoso.example');
    const { id, signInUrl } = await stack.addAccount('changed@contoso.example', { signInAs: ANNA });
    await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));

    const refused = await again(id, 'Bob@Contoso.example');
    expect(await parametersOf(refused.json.signInUrl)).toMatchObject({ login_hint: BOB });
    const page = await visit(await stack.signInAt(refused.json.signInUrl, { mode: 'auto', as: BOB }));
    expect(page.text).toContain(`${BOB} signed in, but has no access to the shared mailbox`);
    expect(await read(id)).toMatchObject({ state: 'authenticated', signInAs: ANNA, identity: { username: ANNA } });

    await stack.control('PUT', `/mailboxes/changed@contoso.example/delegates/${BOB}`);
    const { json } = await again(id, BOB);
    const wrong = await visit(await stack.signInAt(json.signInUrl, { mode: 'auto', as: ANNA }));
    expect(wrong.text).toContain(`Another account than ${BOB} signed in`);
    const right = await visit(await stack.signInAt((await again(id, BOB)).json.signInUrl, { mode: 'auto' }));
    expect(right.text).toContain(`with the access of ${BOB}`);
    expect(await read(id)).toMatchObject({ state: 'authenticated', signInAs: BOB, identity: { username: BOB } });
    const { events } = (await stack.call('GET', `${accounts}/${id}/events?limit=1`)).json;
    expect(events).toEqual([expect.objectContaining({ name: 'account.authenticated', signedInAs: BOB })]);
    expect(await parametersOf((await stack.call('POST', `${accounts}/${id}/sign-in`)).json.signInUrl)).toMatchObject({
      login_hint: BOB,
    });
  });

  it('is refused where the mailbox itself would', async () => {
    const { id } = await stack.addAccount('kept@contoso.example', { signInAs: ANNA });
    const refusals = [await again(id, 'kept@contoso.example'), await again(id, 'nobody')];
    expect(refusals.map(({ status }) => status)).toEqual([422, 422]);
    expect(refusals.map(({ json }) => json.errors[0].path)).toEqual(['/signInAs', '/signInAs']);
    const own = await stack.addAccount('not-shared@contoso.example');
    expect((await again(own.id, 'not-shared@contoso.example')).status).toBe(200);
  });
});

describe('signing in for a shared mailbox', () => {
  it('connects it with the access of who signed in, who may read other mailboxes, too', async () => {
    for (const address of ['sales@contoso.example', 'billing@contoso.example']) {
      await grant(address);
      const { id, signInUrl } = await stack.addAccount(address, { signInAs: ANNA });
      const page = await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
      expect(page.status).toBe(200);
      expect(page.text).toContain(`${address} is connected`);
      expect(page.text).toContain(`with the access of ${ANNA}`);
      expect(await read(id)).toMatchObject({
        address,
        signInAs: ANNA,
        state: 'authenticated',
        identity: { username: ANNA },
      });
    }
  });

  it('accepts who signs in under another name than the address', async () => {
    await stack.control('POST', '/users', {
      address: 'dora@contoso.example',
      userPrincipalName: 'd42@contoso.example',
    });
    await stack.control('PUT', '/mailboxes/named@contoso.example/delegates/dora@contoso.example');
    const { id, signInUrl } = await stack.addAccount('named@contoso.example', { signInAs: 'dora@contoso.example' });
    const page = await visit(await stack.signInAt(signInUrl, { mode: 'auto', as: 'd42@contoso.example' }));
    expect(page.status).toBe(200);
    expect(await read(id)).toMatchObject({ identity: { username: 'd42@contoso.example' } });
  });

  it('is refused for anybody else, also where that person has access, and names who is expected', async () => {
    await grant('strict@contoso.example');
    await stack.control('PUT', '/mailboxes/strict@contoso.example/delegates/bob@contoso.example');
    const { id, signInUrl } = await stack.addAccount('strict@contoso.example', { signInAs: ANNA });
    const page = await visit(await stack.signInAt(signInUrl, { mode: 'auto', as: 'bob@contoso.example' }));
    expect(page.status).toBe(403);
    expect(page.text).toContain(`Another account than ${ANNA} signed in`);
    expect(await read(id)).toMatchObject({ state: 'awaiting-sign-in', identity: null });
  });

  it('is refused without access to the mailbox, in words, and works when access was given', async () => {
    await stack.control('POST', '/mailboxes', { address: 'closed@contoso.example', shared: true });
    const { id, signInUrl } = await stack.addAccount('closed@contoso.example', { signInAs: ANNA });
    const browser = await stack.browserOf('Admin', 'ada@contoso.example');
    const page = await visit(await stack.signInAt(signInUrl, { mode: 'auto' }), browser.headers);
    expect(page.status).toBe(403);
    expect(page.text).toContain(`${ANNA} signed in, but has no access to the shared mailbox closed@contoso.example`);
    expect(page.text).toContain(`/email/accounts/${id}/sign-in`);
    expect(await read(id)).toMatchObject({
      state: 'awaiting-sign-in',
      signIn: { reason: 'mailbox-access-denied' },
      identity: null,
    });
    expect(await stack.db.selectFrom('tokenCaches').selectAll().where('accountId', '=', id).execute()).toEqual([]);

    await grant('closed@contoso.example');
    const { json } = await stack.call('POST', `${accounts}/${id}/sign-in`);
    expect((await visit(await stack.signInAt(json.signInUrl, { mode: 'auto' }))).status).toBe(200);
    expect(await read(id)).toMatchObject({ state: 'authenticated', signIn: { reason: null } });
  });

  it('is refused for a mailbox that Microsoft does not know, which is no matter of access', async () => {
    const { signInUrl } = await stack.addAccount('tpyo@contoso.example', { signInAs: ANNA });
    const page = await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
    expect([page.status, page.text]).toEqual([
      410,
      expect.stringContaining('Microsoft Graph knows no mailbox by this address'),
    ]);
  });
});
