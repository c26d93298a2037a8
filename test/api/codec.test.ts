import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('is not for supervisors, nor for nobody', async () => {
    const body = { payloads: [plain] };
    expect((await api.call('POST', path, { body, key: api.apiKeys.Supervisor })).status).toBe(403);
    expect((await api.call('POST', path, { body, key: null, headers: { origin: ui } })).status).toBe(401);
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

  it.each([{ payloads: 'x' }, { payloads: [{ data: '***' }] }, {}])('refuses %j', async (body) => {
    expect([400, 422]).toContain((await api.call('POST', path, { body })).status);
  });
});
