import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microsoftUrlOf } from '../../scripts/demo/follow-sign-in-link.ts';
import { PUBLIC_URL } from './test-api.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
});
afterAll(() => stack.stop());

const accounts = '/api/v1/email/accounts';
const ofPage = { 'sec-fetch-site': 'same-origin' };
const pathOf = (link: string) => link.slice(PUBLIC_URL.length);
const stateOf = async (id: string) => (await stack.call('GET', `${accounts}/${id}`)).json.state;
const open = (link: string, headers: Record<string, string> = {}) =>
  stack.call('GET', pathOf(link), { key: null, headers });
const press = (link: string, headers: Record<string, string> = ofPage) =>
  stack.call('POST', pathOf(link), { key: null, headers });
/** A browser other than the one that the test stack plays. */
const another = (letter: string) => ({ cookie: `mailroom-connect=${letter.repeat(43)}` });
const come = (back: string, headers: Record<string, string> = {}) => stack.call('GET', back, { key: null, headers });

describe('the page of a sign-in link', () => {
  it('says who asks, for which mailbox, what is read since when, and who sees it', async () => {
    const { headers } = await stack.browserOf('Admin', 'ada@contoso.example');
    const body = { address: 'asked@contoso.example', backfillDays: 3 };
    const added = await stack.call('POST', accounts, { key: null, headers, body });
    const page = await open(added.json.signInUrl);
    expect(page.status).toBe(200);
    for (const words of [
      'Connect asked@contoso.example?',
      'ada@contoso.example asks to connect this mailbox',
      'from the sign-in on, and that of the 3 days before',
      'in the queue “General”',
      'Nothing in the mailbox is changed or sent',
      'Sign in as asked@contoso.example',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'referrer-policy': 'same-origin',
    });
    expect(page.text).not.toContain('<script');
    expect((await open(added.json.signInUrl, { 'accept-language': 'de' })).text).toContain(
      'asked@contoso.example verbinden?',
    );
  });

  it('names an API key that asks, who signs in to a shared mailbox, and since when a connected one is read', async () => {
    const shared = await stack.addAccount('asked-team@contoso.example', { signInAs: 'anna@contoso.example' });
    const page = await open(shared.signInUrl);
    expect(page.text).toContain('The API key “key of Admin” asks');
    expect(page.text).toContain('anna@contoso.example signs in for it');
    await stack.db
      .updateTable('accounts')
      .set({ captureFrom: new Date('2026-03-05T00:00:00Z') })
      .where('id', '=', shared.id)
      .execute();
    expect((await open(shared.signInUrl)).text).toContain('since 5 March 2026');
  });

  it('uses nothing up and binds no browser, however often it is opened', async () => {
    const { id, signInUrl } = await stack.addAccount('scanned@contoso.example');
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await stack.call(method, pathOf(signInUrl), { key: null });
      expect([method, page.status, page.headers['set-cookie']]).toEqual([method, 200, undefined]);
    }
    expect(stack.log()).not.toContain(new URL(signInUrl).searchParams.get('link'));
    expect((await come(await stack.signInAt(signInUrl, { mode: 'auto' }))).status).toBe(200);
    expect(await stateOf(id)).toBe('authenticated');
    expect((await open(signInUrl)).text).toContain('This link was used already');
    expect((await press(signInUrl)).status).toBe(410);
  });

  it('is refused in words when the link is unknown, has expired, or its account was removed', async () => {
    for (const query of ['', '?link=x', `?link=${'A'.repeat(43)}`, '?link=a&link=b']) {
      const page = await open(`${PUBLIC_URL}/email/connect${query}`);
      expect([query, page.status]).toEqual([query, 400]);
      expect(page.text).toContain('This sign-in is not known');
    }
    const expired = await stack.addAccount('expired-link@contoso.example');
    const expiresAt = new Date(Date.now() - 1_000);
    await stack.db.updateTable('signIns').set({ expiresAt }).where('accountId', '=', expired.id).execute();
    for (const page of [await open(expired.signInUrl), await press(expired.signInUrl)]) {
      expect([page.status, page.text]).toEqual([410, expect.stringContaining('This link has expired')]);
    }
    const removed = await stack.addAccount('removed-link@contoso.example');
    const back = await stack.signInAt(removed.signInUrl, { mode: 'auto' });
    await stack.call('DELETE', `${accounts}/${removed.id}`);
    for (const page of [await open(removed.signInUrl), await press(removed.signInUrl), await come(back)]) {
      expect([page.status, page.text]).toEqual([400, expect.stringContaining('or its account was removed')]);
    }
  });
});

describe('Connect', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site', origin: PUBLIC_URL }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['no page at all', {}],
  ])('does not count when pressed by %s', async (_, headers: Record<string, string>) => {
    const { signInUrl } = await stack.addAccount(`pressed-${Math.random()}@contoso.example`);
    const page = await press(signInUrl, headers);
    expect([page.status, page.headers['set-cookie']]).toEqual([403, undefined]);
    expect(page.text).toContain('only by the button on its own page');
  });

  it('gives each browser a secret of its own, out of reach of scripts', async () => {
    const { signInUrl } = await stack.addAccount('secret@contoso.example');
    const cookies = await Promise.all(
      [1, 2].map(async () =>
        String((await press(signInUrl, { ...ofPage, cookie: 'mailroom-connect=' })).headers['set-cookie']),
      ),
    );
    expect(cookies[0]).toMatch(/^mailroom-connect=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(cookies[0]).not.toBe(cookies[1]);
  });
});

describe('the way back from Microsoft', () => {
  it('connects nothing in a browser in which Connect was not pressed, and leaves the attempt to the other', async () => {
    const { id, signInUrl } = await stack.addAccount('victim@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'auto' });
    for (const headers of [another('C'), { cookie: 'mailroom-connect=' }, { cookie: 'mailroom-connect=x' }]) {
      const page = await come(back, headers);
      expect([page.status, page.text]).toEqual([403, expect.stringContaining('began in another browser')]);
      expect(page.text).not.toContain('victim@');
    }
    expect(await stateOf(id)).toBe('awaiting-sign-in');
    expect((await come(back)).status).toBe(200);
    expect(await stateOf(id)).toBe('authenticated');
  });

  it('accepts no state that was made of the link alone, or of the states of others', async () => {
    const first = await stack.addAccount('state-one@contoso.example');
    const second = await stack.addAccount('state-two@contoso.example');
    const tokenOf = (link: string) => new URL(link).searchParams.get('link');
    const [, binding] = (new URL(await stack.connectAt(second.signInUrl)).searchParams.get('state') ?? '').split('.');
    for (const [state, status] of [
      [tokenOf(first.signInUrl), 400],
      [`${tokenOf(first.signInUrl)}.`, 400],
      [`${tokenOf(first.signInUrl)}.${tokenOf(first.signInUrl)}`, 403],
      [`${tokenOf(first.signInUrl)}.${binding}`, 403],
      [`${tokenOf(second.signInUrl)}.${binding}.${binding}`, 400],
    ] as const) {
      const page = await come(`/api/v1/email/sign-in/callback?code=x&state=${state}`);
      expect([state, page.status]).toEqual([state, status]);
    }
    const attempts = stack.db.selectFrom('signIns').select('usedAt').where('accountId', 'in', [first.id, second.id]);
    expect(await attempts.execute()).toEqual([{ usedAt: null }, { usedAt: null }]);
  });

  it('lets two browsers press Connect, and the first to come back connects', async () => {
    const { signInUrl } = await stack.addAccount('twice@contoso.example');
    const mine = await stack.signInAt(signInUrl, { mode: 'auto' });
    const pressed = await press(signInUrl, { ...ofPage, ...another('D') });
    const theirs = await stack.signInAt(microsoftUrlOf(pressed.text), { mode: 'auto' });
    expect((await come(theirs, another('D'))).status).toBe(200);
    expect((await come(mine)).text).toContain('This link was used already');
  });

  it('needs no further click of an administrator who starts the sign-in in a page of ours, and of no one else', async () => {
    const { headers } = await stack.browserOf('Admin', 'grace@contoso.example');
    const body = { address: 'own@contoso.example' };
    const { json, headers: answer } = await stack.call('POST', accounts, { key: null, headers, body });
    expect(String(answer['set-cookie'])).toMatch(/^mailroom-connect=/);
    const back = await stack.signInAt(json.microsoftUrl, { mode: 'auto' });
    expect((await come(back, another('E'))).status).toBe(403);
    expect((await come(back)).status).toBe(200);
    expect(await stateOf(json.id)).toBe('authenticated');
    const byKey = await stack.call('POST', `${accounts}/${json.id}/sign-in`);
    expect([byKey.json.microsoftUrl, byKey.headers['set-cookie']]).toEqual([null, undefined]);
  });
});
