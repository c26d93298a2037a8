import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { actsOfRoutes } from '../../api/audit/acts-of-routes.ts';
import { tokenHash } from '../../api/http/random-token.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { auditActs } from '../../domain/audit-act.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const named = { name: 'may nothing', profile: 'Agent' } as const;

let api: TestApi;
/** Method and address of every route, as they are registered. */
let routes: readonly string[];
/** Those that say which act they are. */
let acts: readonly { readonly route: string; readonly act: string }[];
beforeAll(async () => {
  api = await startTestApi();
  routes = registered();
  acts = Object.entries(actsOfRoutes).flatMap(([route, what]) => ('act' in what ? [{ route, act: what.act }] : []));
});
afterAll(() => api.stop());

/** Calls each route that is an act with an id of its own, and collects those that left no entry of that act. */
async function withoutEntry(key: string): Promise<readonly string[]> {
  const silent: string[] = [];
  for (const { route, act } of acts) {
    const [method = '', url = ''] = route.split(' ');
    const before = await lastEntry();
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    const { status } = await api.call(method, url.replace(/:\w+/g, randomUUID()), { key, ...body });
    const last = await lastEntry();
    if (last?.act !== act || last.id === before?.id) silent.push(`${route} (${status})`);
  }
  return silent;
}

const lastEntry = () => api.db.selectFrom('auditEntries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();

describe('every route', () => {
  it('says what it leaves in the audit trail, or why it leaves nothing', () => {
    const missing = routes.filter((route) => actsOfRoutes[route] === undefined);
    expect(missing.filter((route) => !/ \/((docs|pages|openapi\.json).*)?$/.test(route))).toEqual([]);
    expect(Object.keys(actsOfRoutes).filter((route) => !routes.includes(route))).toEqual([]);
    const known = new Set<string>(Object.values(auditActs).flat());
    expect(acts.filter(({ act }) => !known.has(act))).toEqual([]);
  });

  it('that changes something or shows mail leaves an entry, whatever comes of it', async () => {
    expect(await withoutEntry(api.apiKeys.Admin)).toEqual([]);
  });

  it('leaves one for an attempt that the key does not allow', async () => {
    const key = createApiKey();
    const limits = { permissions: ['health.read'] as const };
    await addApiKey(api.db, 'cli', { ...named, keyHash: tokenHash(key), hint: key.slice(-4), limits });
    // The same stranger's attempts without a key were recorded a moment ago.
    expect((await withoutEntry(key)).filter((route) => !/ \/(auth|email)\//.test(route))).toEqual([]);
    const { refused } = await api.db
      .selectFrom('auditEntries')
      .where('actorName', '=', named.name)
      .where('reason', 'in', ['permission-missing', 'key-not-for-provisioning'])
      .select(sql<number>`count(*)`.as('refused'))
      .executeTakeFirstOrThrow();
    expect(refused).toBeGreaterThan(acts.length - 12);
  });
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
    for (const verb of verbs.split(', ').filter((name) => name !== '' && name !== 'HEAD')) {
      found.push(`${verb} ${path.join('')}`);
    }
  }
  return found;
}
