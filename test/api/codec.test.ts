import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodecPass } from '../../api/codec/codec-pass.ts';
import { tokenHash } from '../../api/http/random-token.ts';
import { endSession } from '../../database/people/sessions.ts';
import { createEncryptingCodec } from '../../temporal/encrypting-codec.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const path = '/temporal/codec/decode';
const ui = 'http://localhost:8233';
let api: TestApi;
let near: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  near = await startTestApi({ db: api.db, keys: api.keys, withoutKeys: true, api: { codecAccess: 'loopback' } });
});
afterAll(async () => {
  await near.stop();
  await api.stop();
});

/** As Temporal's pages send them. */
async function encrypted(value: unknown) {
  const [payload] = await createEncryptingCodec(api.keys).encode([defaultPayloadConverter.toPayload(value)]);
  return {
    metadata: Object.fromEntries(
      Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
    ),
    data: Buffer.from(payload?.data ?? []).toString('base64'),
  };
}

const plain = { metadata: { encoding: Buffer.from('json/plain').toString('base64') }, data: 'MQ==' };

describe("decoding payloads for Temporal's pages", () => {
  it('gives administrators what is encrypted, and leaves the rest as it is', async () => {
    const foreign = { ...(await encrypted(1)), data: Buffer.alloc(40).toString('base64') };
    const body = { payloads: [await encrypted('support@contoso.example'), plain, foreign] };
    const { status, json } = await api.call('POST', path, { body });
    expect(status).toBe(200);
    expect(Buffer.from(json.payloads[0].data, 'base64').toString()).toBe('"support@contoso.example"');
    expect(json.payloads.slice(1)).toEqual([plain, foreign]);
  });

  it("lets the session of an administrator in from Temporal's pages, and from no others", async () => {
    const { headers } = await api.browserOf('Admin', 'codec@contoso.example');
    const from = (origin: string) =>
      api.call('POST', path, {
        key: null,
        body: { payloads: [plain] },
        headers: { ...headers, 'sec-fetch-site': 'same-site', origin },
      });
    const allowed = await from(ui);
    expect(allowed.status).toBe(200);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': ui,
      'access-control-allow-credentials': 'true',
    });
    expect((await from('http://localhost:9999')).status).toBe(403);
    const preflight = await api.call('OPTIONS', path, { key: null, headers: { origin: 'http://evil.example' } });
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': ui } });
  });

  it('lets the pass of a session in from pages of another site, as long as the session lasts', async () => {
    const publicUrl = 'https://mailroom.example';
    const secure = await startTestApi({ db: api.db, keys: api.keys, withoutKeys: true, api: { publicUrl } });
    const { headers } = await api.browserOf('Admin', 'pass@contoso.example');
    const idHash = tokenHash(headers.cookie.replace('mailroom=', ''));
    const given: [string, string, Record<string, unknown>][] = [];
    const reply = { setCookie: (...cookie: (typeof given)[number]) => given.push(cookie) };
    createCodecPass(api.keys, publicUrl).give(reply as never, idHash, 60);
    const [name, value, options] = given[0] ?? expect.fail('no cookie');
    expect(options).toMatchObject({ path: '/temporal/codec', sameSite: 'none', secure: true, httpOnly: true });
    const call = (cookie: string, origin = ui, more: Record<string, string> = {}) =>
      secure.call('POST', path, {
        key: null,
        body: { payloads: [plain] },
        headers: { cookie, origin, 'sec-fetch-site': 'cross-site', ...more },
      });
    const pass = `${name}=${encodeURIComponent(value)}`;
    expect((await call(pass)).status).toBe(200);
    // What the pages themselves were signed in with is none of ours.
    expect((await call(pass, ui, { authorization: 'Bearer of-another-system' })).status).toBe(200);
    for (const refused of [await call(pass, 'https://evil.example'), await call(`${name}=forged`)]) {
      expect([401, 403]).toContain(refused.status);
      expect(refused.headers['access-control-allow-origin']).toBe(ui);
    }
    expect((await secure.call('GET', '/api/v1/me', { key: null, headers: { cookie: pass } })).status).toBe(401);
    await endSession(api.db, api.keys, idHash);
    expect((await call(pass)).status).toBe(401);
    await secure.stop();
  });

  it('is not for supervisors, nor for nobody', async () => {
    const body = { payloads: [plain] };
    expect((await api.call('POST', path, { body, key: api.apiKeys.Supervisor })).status).toBe(403);
    const refused = await api.call('POST', path, { body, key: null, headers: { origin: ui } });
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': ui } });
  });

  it("is for Temporal's pages on this machine without a session, where that is configured", async () => {
    const body = { payloads: [await encrypted(1)] };
    const call = (headers: Record<string, string>) => near.call('POST', path, { body, key: null, headers });
    expect((await call({ origin: ui })).status).toBe(200);
    expect((await call({})).status).toBe(403);
    expect((await call({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await call({ origin: ui, 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    const far = await near.app.inject({
      method: 'POST',
      url: path,
      payload: body,
      headers: { origin: ui },
      remoteAddress: '203.0.113.7',
    });
    expect(far.statusCode).toBe(403);
  });

  it('encodes nothing, and says to the pages, under the same rules, why', async () => {
    const encode = path.replace('decode', 'encode');
    const body = { payloads: [plain] };
    const preflight = await api.call('OPTIONS', encode, { key: null, headers: { origin: ui } });
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': ui } });
    const { headers } = await api.browserOf('Admin', 'encode@contoso.example');
    const fromPages = { ...headers, 'sec-fetch-site': 'same-site', origin: ui };
    const refused = await api.call('POST', encode, { key: null, body, headers: fromPages });
    expect(refused).toMatchObject({ status: 403, headers: { 'access-control-allow-origin': ui } });
    expect(refused.json).toMatchObject({ reason: 'codec-only-decodes' });
    const stranger = await api.call('POST', encode, { key: null, body, headers: { origin: ui } });
    expect(stranger).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': ui } });
  });

  it.each([{ payloads: 'x' }, { payloads: [{ data: '***' }] }, {}])('refuses %j', async (body) => {
    expect([400, 422]).toContain((await api.call('POST', path, { body })).status);
  });
});
