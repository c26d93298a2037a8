import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardRoutes } from '../../api/access/access.ts';
import { createAttemptLimits } from '../../api/access/attempt-limits.ts';
import { createAuthentication } from '../../api/access/authentication.ts';
import { createCodecPass } from '../../api/codec/codec-pass.ts';
import { createCookies } from '../../api/http/cookies.ts';
import { permissions } from '../../domain/security-profile.ts';
import { PUBLIC_URL, startTestApi, type TestApi } from './test-api.ts';

const anId = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';
const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly unknown[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, object> }>;
}

let api: TestApi;
/** Method, address and description of every operation in the OpenAPI document. */
let operations: [method: string, url: string, operation: Operation][];
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: object };

beforeAll(async () => {
  api = await startTestApi();
  document = (await api.call('GET', '/openapi.json', { key: null })).json;
  operations = Object.entries(document.paths).flatMap(([url, item]) =>
    methods.flatMap((method): [string, string, Operation][] =>
      item[method] ? [[method.toUpperCase(), url, item[method]]] : [],
    ),
  );
});
afterAll(() => api.stop());

const addressOf = (url: string) => url.replace(/\{\w+\}/g, anId);

/** Routes that people and orchestrators reach without proving who they are: each has its reason. */
const open = [
  'GET /healthz',
  'GET /readyz',
  'GET /auth/sign-in',
  'GET /auth/callback',
  'GET /auth/initiate',
  'GET /auth/step-up',
  'GET /auth/jwks',
  'POST /auth/back-channel-logout',
  'POST /auth/initiate',
  'GET /api/v1/email/sign-in/callback',
  'POST /graph/notifications',
];

describe('every route', () => {
  it('declares the permission that it needs: one that does not is refused', async () => {
    const app = Fastify();
    guardRoutes(
      app,
      createAuthentication(api.db, createCookies(PUBLIC_URL), createCodecPass(api.keys, PUBLIC_URL)),
      createAttemptLimits(api.db),
      PUBLIC_URL,
      api.db,
    );
    expect(() => app.get('/forgotten', () => 'anything')).toThrow('GET /forgotten declares no permission');
    await app.close();
  });

  it('is in the OpenAPI document, unless it is a page or a file for a page, or SCIM, which describes itself', () => {
    const described = new Set(operations.map(([method, url]) => `${method} ${url}`));
    const missing = registered().filter((route) => !described.has(route));
    expect(missing.filter((route) => !/ \/((docs|pages|scim).*)?$/.test(route))).toEqual([
      'GET /openapi.json',
      'GET /auth/stepped-up',
      'GET /email/connect',
      'POST /email/connect',
      'GET /email/mailbox',
      'POST /email/mailbox',
      'POST /email/mailbox/end',
      'POST /email/accounts/{id}/sign-in',
      'OPTIONS /temporal/codec/decode',
      'OPTIONS /temporal/codec/encode',
      'POST /temporal/codec/encode',
    ]);
    expect(described.size).toBeGreaterThan(35);
  });

  it('answers 401 with a challenge to somebody unknown, and says that in the document', async () => {
    const unguarded: string[] = [];
    for (const [method, url, { security, responses }] of operations) {
      if (security.length === 0) {
        unguarded.push(`${method} ${url}`);
        continue;
      }
      const { status, headers, json } = await api.call(method, addressOf(url), { key: null });
      expect([method, url, status]).toEqual([method, url, 401]);
      expect(headers['www-authenticate']).toBe('Bearer realm="Mailroom"');
      expect(json.detail).toContain('/auth/sign-in');
      expect(responses['401']?.content).toHaveProperty(['application/problem+json']);
    }
    expect(unguarded.sort()).toEqual([...open].sort());
  });

  it('of SCIM is for the key of an identity provider alone', async () => {
    const routes = registered().filter((route) => route.includes(' /scim/'));
    expect(routes.length).toBeGreaterThan(15);
    for (const route of routes) {
      const [method = '', url = ''] = route.split(' ');
      const known = await api.call(method, addressOf(url));
      expect([route, known.status, known.json.detail]).toEqual([route, 403, expect.stringContaining('provisioning')]);
      expect([route, (await api.call(method, addressOf(url), { key: null })).status]).toEqual([route, 401]);
    }
  });

  it('names the permission that is missing to somebody who may not', async () => {
    const asked = new Set<string>();
    for (const [method, url, { description }] of operations) {
      const [, permission] = /Needs the permission `([\w.]+)`/.exec(description ?? '') ?? [];
      if (permission === undefined) continue;
      asked.add(permission);
      const { status, json } = await api.call(method, addressOf(url), { key: api.apiKeys.Agent });
      const allowed = ['health.read', 'queues.read', 'items.read', 'items.work', 'items.answer'].includes(permission);
      if (allowed) expect([method, url, status]).not.toEqual([method, url, 403]);
      else expect([url, status, json.detail]).toEqual([url, 403, expect.stringContaining(`permission ${permission}`)]);
    }
    expect([...asked].sort()).toEqual([...permissions].sort());
  });

  it('refuses a parameter that it does not have, and names it', async () => {
    for (const [method, url] of operations) {
      if (method !== 'GET' || !url.startsWith('/api/v1/') || url.endsWith('/callback')) continue;
      const { status, json } = await api.call(method, `${addressOf(url)}?nonsense=1`);
      const errors = expect.arrayContaining([expect.objectContaining({ path: '/nonsense', reason: 'unknown-field' })]);
      expect([url, status, json.errors]).toEqual([url, 400, errors]);
    }
  });

  it('describes itself, its answers, and every refusal as a problem document', () => {
    const ids = new Set<string>();
    for (const [method, url, { operationId, summary, responses }] of operations) {
      expect([method, url, summary]).toEqual([method, url, expect.stringMatching(/\w/)]);
      ids.add(operationId);
      expect([url, Object.keys(responses)]).toEqual([url, expect.arrayContaining(['500', '503'])]);
      for (const [status, response] of Object.entries(responses)) {
        expect([url, status, response.description]).not.toEqual([url, status, 'Default Response']);
        if (Number(status) >= 400 && url.startsWith('/api/v1') && !url.endsWith('/callback')) {
          expect([url, status, response.content]).toHaveProperty([2, 'application/problem+json']);
        }
      }
    }
    expect(ids.size).toBe(operations.length);
  });

  /** As Fastify itself lists them. */
  function registered(): string[] {
    const found: string[] = [];
    const path: string[] = [];
    for (const line of api.app.printRoutes({ commonPrefix: false }).split('\n')) {
      const [, indent = '', url = '', verbs = ''] = /^([\s│├└─]*)(\S.*?)(?: \((.+)\))?$/.exec(line) ?? [];
      if (url === '') continue;
      path.length = indent.length / 4 - 1;
      path.push(url);
      const address = path.join('').replace(/:(\w+)/g, '{$1}');
      for (const verb of verbs.split(', ').filter((name) => name !== '' && name !== 'HEAD')) {
        found.push(`${verb} ${address}`);
      }
    }
    return found;
  }
});
