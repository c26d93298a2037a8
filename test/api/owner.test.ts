import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microsoftUrlOf } from '../../scripts/demo/follow-sign-in-link.ts';
import { eventually } from '../support/eventually.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
  for (const address of ['olga@contoso.example', 'paul@contoso.example', 'pool@contoso.example']) {
    await stack.control('POST', '/users', { address });
  }
});
afterAll(() => stack.stop());

const PAGE = '/email/mailbox';
const accounts = '/api/v1/email/accounts';
const ofPage = { 'sec-fetch-site': 'same-origin' };
type Answer = Awaited<ReturnType<TestStack['call']>>;
const cookieOf = ({ headers }: Answer) => {
  const set = [headers['set-cookie'] ?? []].flat().find((cookie) => cookie.startsWith('mailroom-owner='));
  return { cookie: set?.split(';')[0] ?? '' };
};
const open = (headers: Record<string, string> = {}) => stack.call('GET', PAGE, { key: null, headers });

async function connect(address: string, more: object = {}): Promise<string> {
  const { id, signInUrl } = await stack.addAccount(address, more);
  const page = await stack.call('GET', await stack.signInAt(signInUrl, { mode: 'auto' }), { key: null });
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(`href="${PAGE}"`)]);
  return id;
}

/** Presses *Sign in* on the page, and signs in at Microsoft; the way back, and the cookie that was set before. */
async function signIn(as: string) {
  const asked = await stack.call('POST', PAGE, { key: null, headers: ofPage });
  const back = await stack.signInAt(microsoftUrlOf(asked.text), { mode: 'auto', as });
  return { back, before: cookieOf(asked) };
}

async function prove(as: string) {
  const { back, before } = await signIn(as);
  const returned = await stack.call('GET', back, { key: null, headers: before });
  expect([returned.status, returned.headers.location]).toEqual([303, PAGE]);
  return cookieOf(returned);
}

const end = (account: string, headers: Record<string, string>) =>
  stack.call('POST', `${PAGE}/end`, {
    key: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: `account=${account}`,
  });
const tokensOf = async (id: string) =>
  (await stack.db.selectFrom('tokenCaches').select('version').where('accountId', '=', id).execute()).length;
const read = async (id: string) => (await stack.call('GET', `${accounts}/${id}`)).json;

describe('the page of whose mailbox it is', () => {
  it('says nothing before the person has signed in at Microsoft, in that browser', async () => {
    await connect('olga@contoso.example');
    for (const headers of [{}, { cookie: 'mailroom-owner=x' }, { cookie: `mailroom-owner=${'A'.repeat(400)}` }]) {
      const page = await open(headers as Record<string, string>);
      expect(page.status).toBe(200);
      expect(page.text).toContain('Sign in at Microsoft');
      expect(page.text).not.toContain('olga');
    }
    const { back, before } = await signIn('olga@contoso.example');
    // Begun, and not proved.
    expect((await open(before)).text).not.toContain('olga');
    const elsewhere = await stack.call('GET', back, { key: null });
    expect([elsewhere.status, elsewhere.text]).toEqual([403, expect.stringContaining('began in another browser')]);
    const again = (await signIn('olga@contoso.example')).before;
    expect((await stack.call('GET', back, { key: null, headers: again })).status).toBe(403);
    // Other sites start nothing.
    expect((await stack.call('POST', PAGE, { key: null })).status).toBe(403);
  });

  it('shows what is read, since when, who connected it and whose people see it, to that person alone', async () => {
    const { headers } = await stack.browserOf('Admin', 'ada@contoso.example');
    const body = { address: 'paul@contoso.example' };
    const added = await stack.call('POST', accounts, { key: null, headers, body });
    await stack.call('GET', await stack.signInAt(added.json.signInUrl, { mode: 'auto' }), { key: null });
    const proof = await prove('paul@contoso.example');
    const { text, headers: answered } = await open(proof);
    expect(answered['cache-control']).toBe('no-store');
    for (const words of ['<h2>paul<wbr>@contoso.example</h2>', 'since ', 'Added by ada@contoso.example', '“General”']) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('olga');
    expect((await open({ ...proof, 'accept-language': 'de' })).text).toContain('Hinzugefügt von ada@contoso.example');
    expect(stack.log()).not.toContain('paul@contoso.example');
  });

  it('ends it: nothing is read from then on, the tokens are gone, and administrators see who did it', async () => {
    const id = await connect('pool@contoso.example');
    const stranger = await prove('olga@contoso.example');
    expect((await end(id, { ...stranger, ...ofPage })).status).toBe(303);
    expect(await tokensOf(id)).toBe(1);
    const proof = await prove('pool@contoso.example');
    expect((await end(id, proof)).status).toBe(403);
    expect(await tokensOf(id)).toBe(1);
    expect((await end(id, { ...proof, ...ofPage })).headers.location).toBe(PAGE);
    expect(await tokensOf(id)).toBe(0);
    // A read that was under way may find first that the tokens are gone.
    expect(await read(id)).toMatchObject({ state: expect.stringMatching(/^(paused|sign-in-needed)$/), enabled: false });
    const { events } = (await stack.call('GET', `${accounts}/${id}/events`)).json;
    expect(events.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['account.ended-by-owner', 'account.paused']),
    );
    expect(JSON.stringify(events)).toContain('the owner of the mailbox');
    const page = await open(proof);
    expect(page.text).toContain('Not read at the moment');
    expect(page.text).not.toContain('Stop reading');

    // Enabled again by an administrator, it needs a sign-in.
    await stack.call('PATCH', `${accounts}/${id}`, { body: { enabled: true } });
    await stack.control('POST', '/mailboxes/pool@contoso.example/messages', { subject: 'After the end', text: 'x' });
    await eventually(async () => expect(await read(id)).toMatchObject({ state: 'sign-in-needed' }), {
      timeoutMs: 20_000,
    });
    const captured = await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute();
    expect(captured).toEqual([]);
  });
});
