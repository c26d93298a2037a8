import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { healthWords } from '../../api/health/health-words.ts';
import { recordSettingsFault, saveSettings } from '../../database/accounts/settings.ts';
import { noteStuckWorkflow } from '../../database/accounts/stuck-workflows.ts';
import { type ComponentHealth, healthComponents, healthReasons } from '../../domain/health.ts';
import { healthWordsDe } from '../../domain/words/health-words-de.ts';
import { anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ temporalAnswers: async () => true });
  // Its own sign of life.
  await api.call('GET', '/readyz');
});
afterAll(() => api.stop());
beforeEach(async () => {
  for (const table of ['watches', 'accounts', 'settings'] as const) await api.db.deleteFrom(table).execute();
  await api.db.deleteFrom('processes').where('kind', '=', 'worker').execute();
});

const health = async (key = api.apiKeys.Agent) => (await api.call('GET', '/api/v1/health', { key })).json;
const component = async (name: string) =>
  (await health()).components.find((one: ComponentHealth) => one.component === name);

async function aWorker(silentSeconds = 0): Promise<void> {
  const seenAt = sql<Date>`now() - ${silentSeconds} * interval '1 second'`;
  await api.db
    .insertInto('processes')
    .values({ id: randomUUID(), kind: 'worker', keyIds: ['test'], seenAt })
    .execute();
}

async function aMailbox(account: Parameters<typeof anAccount>[1] = {}, currentSeconds = 1): Promise<void> {
  const accountId = await anAccount(api.db, account);
  const currentAt = sql<Date>`now() - ${currentSeconds} * interval '1 second'`;
  await api.db.insertInto('watches').values({ accountId, currentAt }).execute();
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const settings = { tenantId: 'contoso.example', clientId: randomUUID(), clientSecret: 'a secret' };

describe('the health of everything', () => {
  it('is good while all work, and every profile may know it', async () => {
    await saveSettings(api.db, api.keys, 'test', settings);
    await aWorker();
    await aMailbox();
    for (const key of Object.values(api.apiKeys)) {
      const { state, components } = await health(key);
      expect(state).toBe('up');
      expect(components.map((one: ComponentHealth) => [one.component, one.state])).toEqual(
        healthComponents.map((name) => [name, 'up']),
      );
    }
    expect((await api.call('GET', '/api/v1/health', { key: null })).status).toBe(401);
  });

  it('is bad without a worker, and while the only one stands still', async () => {
    expect(await component('workers')).toMatchObject({ state: 'down', reason: 'worker-none' });
    await aWorker(87);
    const silent = await component('workers');
    expect(silent).toMatchObject({ state: 'down', reason: 'worker-all-silent', facts: { count: 1 } });
    expect(silent.words).toContain('87 seconds');
    expect(Date.parse(silent.since)).toBeLessThan(Date.now() - 80_000);
    await aWorker();
    expect(await component('workers')).toMatchObject({ state: 'impaired', reason: 'process-silent' });
  });

  it('tells of Microsoft what the reading of the mailboxes found', async () => {
    await saveSettings(api.db, api.keys, 'test', settings);
    expect(await component('microsoft')).toMatchObject({ state: 'unknown' });
    const hindered = { conditionType: 'Unavailable', conditionReason: 'service-down', conditionSince: ago(60) };
    await aMailbox(hindered, 90);
    expect(await component('microsoft')).toMatchObject({ state: 'down', reason: 'microsoft-down' });
    await aMailbox();
    expect(await component('microsoft')).toMatchObject({ state: 'impaired', facts: { hindered: 1, read: 2 } });
  });

  it('takes no trouble of its own for one of Microsoft, nor that it asks to wait for a moment', async () => {
    await saveSettings(api.db, api.keys, 'test', settings);
    await aMailbox({ conditionType: 'Unavailable', conditionReason: 'database-full', conditionSince: ago(600) });
    await aMailbox({ conditionType: 'Throttled', conditionReason: 'rate-limited', conditionSince: ago(60) });
    expect(await component('microsoft')).toMatchObject({ state: 'up' });
  });

  it('names a clock that differs, and by how much', async () => {
    await saveSettings(api.db, api.keys, 'test', settings);
    for (const clockSkewMs of [-240_000, -240_000, 0]) await aMailbox({ clockSkewMs });
    const { words, reason } = await component('microsoft');
    expect(reason).toBe('clock-differs');
    expect(words).toContain('240 seconds ahead of');
  });

  it('warns in words before the client secret ends', async () => {
    const clientSecretExpiresAt = new Date(Date.now() + 6.5 * 86_400_000);
    await saveSettings(api.db, api.keys, 'test', { ...settings, clientSecretExpiresAt });
    await aMailbox();
    const found = await component('microsoft');
    expect(found).toMatchObject({ state: 'impaired', reason: 'secret-expires', facts: { days: 7 } });
    expect(found.words).toContain('The client secret ends in 7 days');
  });

  it('counts the workflows that cannot go on, with Temporal', async () => {
    expect(await component('temporal')).toMatchObject({ state: 'up' });
    const stuck = [await anAccount(api.db), await anAccount(api.db)];
    for (const id of stuck) await noteStuckWorkflow(api.db, id);
    const { state, reason, facts, words, since } = await component('temporal');
    expect({ state, reason, facts }).toEqual({ state: 'impaired', reason: 'workflows-stuck', facts: { count: 2 } });
    expect(words).toContain('2 accounts have workflows that are stuck');
    expect(Date.parse(since)).toBeGreaterThan(Date.now() - 60_000);
    await api.db.deleteFrom('stuckWorkflows').execute();
  });

  it('counts the workflows that an operator paused, with Temporal', async () => {
    const on = { db: api.db, keys: api.keys, withoutKeys: true, temporalAnswers: async () => true } as const;
    const other = await startTestApi({ ...on, pausedWorkflows: async () => 2 });
    const { json } = await other.call('GET', '/api/v1/health', { key: api.apiKeys.Agent });
    const found = json.components.find((one: ComponentHealth) => one.component === 'temporal');
    expect(found).toMatchObject({ state: 'impaired', reason: 'activities-paused', facts: { count: 2 } });
    expect(found.words).toContain('An activity of 2 workflows was paused in Temporal');
    await other.stop();
  });

  it('is bad while Microsoft refuses the global properties', async () => {
    await saveSettings(api.db, api.keys, 'test', settings);
    await recordSettingsFault(api.db, { reason: 'secret-expired' });
    const { state, words } = await component('microsoft');
    expect(state).toBe('down');
    expect(words).toContain('The client secret has expired.');
  });

  it('takes no silence for a standstill while the database takes no signs of life', async () => {
    const footing = { problem: { reason: 'database-full', code: '53100' }, since: new Date() } as const;
    const full = await startTestApi({ db: api.db, keys: api.keys, withoutKeys: true, footing: async () => footing });
    await aWorker(87);
    const { json } = await full.call('GET', '/api/v1/health', { key: api.apiKeys.Agent });
    await full.stop();
    expect(json.state).toBe('down');
    const of = (name: string) => json.components.find((one: ComponentHealth) => one.component === name);
    expect(of('workers')).toMatchObject({ state: 'unknown' });
    expect(of('database')).toMatchObject({ state: 'down', reason: 'database-full' });
    expect(of('database').words).toContain('(53100)');
  });

  it('keeps since when it is so', async () => {
    const first = await component('temporal');
    expect((await component('temporal')).since).toBe(first.since);
  });
});

describe('every reason', () => {
  it.each(healthReasons)('%s has words in both languages, without holes', (reason) => {
    const facts = {
      count: 2,
      silent: 1,
      troubled: 1,
      seconds: 87,
      problem: reason === 'audit-not-streamed' ? 'untrusted' : 'key-missing',
      waiting: 2,
      hindered: 1,
      read: 2,
      ahead: 'microsoft',
    };
    for (const name of healthComponents) {
      const english = healthWords({ component: name, state: 'down', reason, since: null, facts });
      const german = healthWordsDe(name, reason, facts) ?? '';
      for (const words of [english, german]) {
        expect(words).toMatch(/\.( \(.*\))?$/);
        expect(words).not.toMatch(/undefined|unexpected/i);
      }
      expect(german).not.toBe(english);
    }
  });
});
