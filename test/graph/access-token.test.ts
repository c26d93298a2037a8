import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../../graph/cloud.ts';
import { acquireAccessToken, type StoredTokenCache, type TokenCacheStore } from '../../graph/entra/access-token.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { type SeenRequest, send } from './http-server.ts';
import { sample } from './sample.ts';
import {
  answering,
  aTokenAnswer,
  aTokenError,
  formOf,
  redirectUri,
  settings,
  startTokenEndpoint,
} from './token-endpoint.ts';

/** What the database does, in memory: a value with a version, compared and set. */
class StoreInMemory implements TokenCacheStore {
  readonly mailbox: MailboxKind;
  stored: StoredTokenCache | undefined;
  /** Runs just before the next write, like another process that is faster. */
  beforeWrite: (() => void) | undefined;

  constructor(cache?: string, mailbox: MailboxKind = 'own') {
    this.mailbox = mailbox;
    if (cache !== undefined) this.replace(cache);
  }

  async read() {
    return this.stored;
  }

  async write(cache: string, expectedVersion: number) {
    const before = this.beforeWrite;
    this.beforeWrite = undefined;
    before?.();
    if (this.stored?.version !== expectedVersion) return false;
    this.stored = { ...this.stored, cache, version: expectedVersion + 1 };
    return true;
  }

  replace(cache: string) {
    this.stored = { cache, version: (this.stored?.version ?? 0) + 1, mailbox: this.mailbox };
  }
}

async function signIn(cloud: MicrosoftCloud, code = 'code', mailbox: MailboxKind = 'own'): Promise<string> {
  const request = { settings, redirectUri, code, codeVerifier: 'verifier', nonce: 'nonce', mailbox };
  return (await createSignIn(cloud).redeem(request)).tokenCache;
}

const over = { expires_in: 60 };

describe('an access token', () => {
  test('is taken from the store while it has time left', async () => {
    const answer = aTokenAnswer();
    await using endpoint = await startTokenEndpoint(answering(200, answer));
    const store = new StoreInMemory(await signIn(endpoint.cloud));
    const { cloud } = endpoint;
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(answer.access_token);
    expect(store.stored?.version).toBe(1);
    expect(endpoint.seen).toHaveLength(1);
  });

  test('that is nearly over is renewed, and the new refresh token is stored', async () => {
    const [first, second, third] = [aTokenAnswer(over), aTokenAnswer(over), aTokenAnswer()];
    await using endpoint = await startTokenEndpoint(...[first, second, third].map((body) => answering(200, body)));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(second.access_token);
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(third.access_token);
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(third.access_token);
    expect(endpoint.seen.slice(1).map((request) => formOf(request).get('refresh_token'))).toEqual([
      first.refresh_token,
      second.refresh_token,
    ]);
    expect(store.stored).toMatchObject({ version: 3, cache: expect.stringContaining(third.refresh_token) });
  });

  test('is renewed on demand, and the old refresh token is kept when no new one comes', async () => {
    const [first, second] = [aTokenAnswer(), aTokenAnswer({ refresh_token: undefined })];
    await using endpoint = await startTokenEndpoint(answering(200, first), answering(200, second));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    expect((await acquireAccessToken({ cloud, settings, store, forceRefresh: true })).token).toBe(second.access_token);
    expect(store.stored?.cache).toContain(first.refresh_token);
  });

  test('for a shared mailbox is renewed with the permission for shared mail, and taken from the store by it', async () => {
    const scope = 'https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read.Shared';
    const answers = [aTokenAnswer({ scope, ...over }), aTokenAnswer({ scope })];
    await using endpoint = await startTokenEndpoint(...answers.map((body) => answering(200, body)));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud, 'code', 'shared'), 'shared');
    for (let use = 0; use < 2; use += 1) {
      expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(answers[1]?.access_token);
    }
    expect(endpoint.seen).toHaveLength(2);
    const asked = endpoint.seen.map((request) => formOf(request).get('scope')?.split(' '));
    for (const scopes of asked) {
      expect(scopes).toEqual(expect.arrayContaining(scope.split(' ')));
      expect(scopes).not.toContain('https://graph.microsoft.com/Mail.Read');
    }
  });

  test('is asked for with the secret before, as long as Entra refuses the new one', async () => {
    const refused = answering(401, aTokenError('invalid_client', 7000215));
    const [first, second] = [aTokenAnswer(), aTokenAnswer()];
    await using endpoint = await startTokenEndpoint(answering(200, first), refused, answering(200, second), refused);
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const both = { ...settings, clientSecret: 'the new one', previousSecret: 'the one before' };
    expect((await acquireAccessToken({ cloud, settings: both, store, forceRefresh: true })).token).toBe(
      second.access_token,
    );
    const secrets = endpoint.seen.slice(1).map((request) => formOf(request).get('client_secret'));
    expect(secrets).toEqual(['the new one', 'the one before']);
    await expect(acquireAccessToken({ cloud, settings, store, forceRefresh: true })).rejects.toMatchObject({
      reason: 'secret-wrong',
    });
    expect(endpoint.seen).toHaveLength(4);
  });

  test('says what Entra has against the new secret when it refuses both, and what else it has against the sign-in', async () => {
    const refused = (code: number) => answering(401, aTokenError('invalid_client', code));
    const person = answering(400, aTokenError('invalid_grant', 50173));
    const answers = [answering(200, aTokenAnswer()), refused(7000215), refused(7000222), refused(7000222), person];
    await using endpoint = await startTokenEndpoint(...answers);
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const both = { ...settings, previousSecret: 'the one before' };
    const ask = () => acquireAccessToken({ cloud, settings: both, store, forceRefresh: true });
    await expect(ask()).rejects.toMatchObject({ type: 'SettingsRejected', reason: 'secret-wrong' });
    await expect(ask()).rejects.toMatchObject({ type: 'CredentialRejected' });
  });

  test('for a claims challenge is asked for with those claims', async () => {
    const answer = aTokenAnswer();
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer()), answering(200, answer));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    expect((await acquireAccessToken({ cloud, settings, store, claims })).token).toBe(answer.access_token);
    expect(JSON.parse(formOf(endpoint.seen[1]).get('claims') ?? '')).toMatchObject({
      access_token: { nbf: { essential: true, value: '1604106651' }, xms_cc: { values: ['CP1'] } },
    });
  });
});

describe('when two processes renew at once', () => {
  test('the slower one uses what the faster one stored', async () => {
    const [first, faster, slower] = [aTokenAnswer(over), aTokenAnswer(), aTokenAnswer()];
    await using endpoint = await startTokenEndpoint(...[first, faster, slower].map((body) => answering(200, body)));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const fasterCache = await signIn(cloud);
    store.beforeWrite = () => store.replace(fasterCache);
    expect((await acquireAccessToken({ cloud, settings, store, forceRefresh: true })).token).toBe(faster.access_token);
    expect(store.stored?.cache).toBe(fasterCache);
    expect(endpoint.seen).toHaveLength(3);
  });

  test('a refresh token that was rejected because it had been replaced asks for no sign-in', async () => {
    const [first, faster] = [aTokenAnswer(over), aTokenAnswer()];
    const store = new StoreInMemory();
    let fasterCache = '';
    await using endpoint = await startTokenEndpoint(
      answering(200, first),
      answering(200, faster),
      (_request, response) => {
        store.replace(fasterCache);
        send(response, 400, aTokenError('invalid_grant', 70000));
      },
    );
    const { cloud } = endpoint;
    store.replace(await signIn(cloud));
    fasterCache = await signIn(cloud);
    expect((await acquireAccessToken({ cloud, settings, store })).token).toBe(faster.access_token);
  });

  test('an account that was removed meanwhile stays removed', async () => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer(over)), answering(200, aTokenAnswer()));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    store.beforeWrite = () => {
      store.stored = undefined;
    };
    await expect(acquireAccessToken({ cloud, settings, store })).rejects.toMatchObject({ reason: 'not-signed-in' });
    expect(store.stored).toBeUndefined();
  });

  test("accounts that renew side by side never get each other's tokens", async () => {
    await using endpoint = await startTokenEndpoint(
      ...Array.from({ length: 20 }, () => (request: SeenRequest, response: ServerResponse) => {
        const form = formOf(request);
        const owner = form.get('code') ?? form.get('refresh_token')?.split('/')[0];
        send(
          response,
          200,
          aTokenAnswer({ expires_in: 60, access_token: `${owner}/access`, refresh_token: `${owner}/refresh` }),
        );
      }),
    );
    const { cloud } = endpoint;
    const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`);
    const stores = await Promise.all(owners.map(async (owner) => new StoreInMemory(await signIn(cloud, owner))));
    const tokens = await Promise.all(
      stores.map(async (store) => (await acquireAccessToken({ cloud, settings, store })).token),
    );
    expect(tokens).toEqual(owners.map((owner) => `${owner}/access`));
    for (const [index, store] of stores.entries()) expect(store.stored?.cache).toContain(`${owners[index]}/refresh`);
  });
});

describe('when Entra refuses', () => {
  test.each([
    [400, aTokenError('invalid_grant', 700082), 'CredentialRejected', 'sign-in-expired'],
    [400, aTokenError('invalid_grant', 50173, { suberror: 'bad_token' }), 'CredentialRejected', 'password-changed'],
    [400, aTokenError('invalid_grant', 50057), 'CredentialRejected', 'account-disabled'],
    [
      400,
      aTokenError('invalid_grant', 65001, { suberror: 'consent_required' }),
      'CredentialRejected',
      'consent-needed',
    ],
    [400, sample('entra-token-error-interaction-required'), 'CredentialRejected', 'mfa-needed'],
    [401, aTokenError('invalid_client', 7000222), 'SettingsRejected', 'secret-expired'],
    [500, { error: 'server_error' }, 'Unavailable', 'service-down'],
  ])('%i %o, the failure is %s %s and the store is untouched', async (status, body, type, reason) => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer(over)), answering(status, body));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const before = store.stored;
    const error: unknown = await acquireAccessToken({ cloud, settings, store }).catch((reason) => reason);
    expect(error).toMatchObject({ type, reason });
    expect(JSON.stringify(error) + String(error)).not.toContain('anna');
    expect(store.stored).toBe(before);
    expect(endpoint.seen).toHaveLength(2);
  });

  test('for a while, the failure says how long', async () => {
    await using endpoint = await startTokenEndpoint(
      answering(200, aTokenAnswer(over)),
      answering(429, undefined, { 'retry-after': '7.5' }),
    );
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    await expect(acquireAccessToken({ cloud, settings, store })).rejects.toMatchObject({
      type: 'Throttled',
      retryAfterMs: 7_500,
    });
  });

  test('by not answering, a caller who cancels gets its own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by Temporal');
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer(over)), () => controller.abort(reason));
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const { signal } = controller;
    await expect(acquireAccessToken({ cloud, settings, store, signal })).rejects.toBe(reason);
  });

  test('by a broken connection, it is an outage', async () => {
    await using endpoint = await startTokenEndpoint(answering(200, aTokenAnswer(over)), (_request, response) => {
      response.socket?.resetAndDestroy();
    });
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    await expect(acquireAccessToken({ cloud, settings, store })).rejects.toMatchObject({
      type: 'Unavailable',
      reason: 'network',
    });
  });
});

describe('an answer that is no token', () => {
  test.each([
    ['no access token', { access_token: undefined }],
    ['an access token that fits into no header', { access_token: 'secret\nsecret' }],
    ['an access token beyond ASCII', { access_token: 'secret\u20ac' }],
    ['an object for an access token', { access_token: { a: 'secret' } }],
    ['a number for a refresh token', { refresh_token: 5 }],
    ['a list of scopes', { scope: ['secret'] }],
    ['a number for its type', { token_type: 4 }],
    ['more than a megabyte', { filler: 'secret'.repeat(200_000) }],
  ])('(%s) is an outage, and quotes neither it nor what is stored', async (_name, changes) => {
    const first = aTokenAnswer(over);
    const odd = answering(200, aTokenAnswer(changes));
    await using endpoint = await startTokenEndpoint(answering(200, first), odd, odd);
    const { cloud } = endpoint;
    const store = new StoreInMemory(await signIn(cloud));
    const before = store.stored;
    const refused = await acquireAccessToken({ cloud, settings, store }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ type: 'Unavailable', reason: 'service-down' });
    expect(JSON.stringify(refused) + String(refused)).not.toMatch(/secret|access-/);
    expect(store.stored).toBe(before);
    await expect(signIn(cloud)).rejects.toMatchObject({ type: 'Unavailable', reason: 'service-down' });
  });
});

describe('without a usable sign-in', () => {
  test.each([
    ['no sign-in is stored', undefined],
    ['the stored one is damaged', 'no JSON, but a secret'],
    ['the stored one is empty', '{}'],
  ])('when %s, the account has to sign in', async (_name, cache) => {
    await using endpoint = await startTokenEndpoint();
    const store = new StoreInMemory(cache);
    const error: unknown = await acquireAccessToken({ cloud: endpoint.cloud, settings, store }).catch((e) => e);
    expect(error).toMatchObject({ type: 'CredentialRejected', reason: 'not-signed-in' });
    expect(String(error)).not.toContain('secret');
    expect(endpoint.seen).toEqual([]);
  });
});
