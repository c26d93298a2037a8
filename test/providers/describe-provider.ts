import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../database/people/users.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { startTestApi, type TestApi } from '../api/test-api.ts';
import { createPageDriver, type PageDriver } from '../simulator/page-driver.ts';
import { eventually } from '../support/eventually.ts';

export const CLIENT_ID = 'mailroom';
export const CLIENT_SECRET = 'a/secret+with=signs of %every kind';

/** A running provider with the client Mailroom and the people ada, a lead of desks, and grace. */
export interface ForeignProvider {
  readonly issuer: string;
  /** Where it says who leads: the value `leads` of this claim. */
  readonly claim: string;
  /** Walks its pages from the first one until it leads back to Mailroom. */
  signIn(browser: PageDriver, person: string, mailroom: string): Promise<void>;
  /** Confirms on its page of signing out. */
  confirmSignOut(browser: PageDriver): Promise<void>;
  /** Signs the browser out at the provider, without Mailroom. */
  signOutThere(browser: PageDriver): Promise<void>;
  stop(): Promise<void>;
}

/** What Mailroom promises of sign-ins, tried with a provider that others wrote. */
export function describeProvider(name: string, start: (mailroom: string) => Promise<ForeignProvider>): void {
  describe(name, () => {
    let provider: ForeignProvider;
    let api: TestApi;
    let url: string;

    beforeAll(async () => {
      const [port = 0] = await freePorts(1);
      url = `http://localhost:${port}`;
      provider = await start(url);
      const oidc = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
      api = await startTestApi({ api: { publicUrl: url }, oidc });
      await api.app.listen({ host: '127.0.0.1', port });
      // The last administrator would keep the profile, whatever the mapping says.
      const keeper = { email: 'keeper@contoso.example', issuer: 'elsewhere', subject: 'keeper' };
      await api.db
        .insertInto('users')
        .values({ ...keeper, profile: 'Admin' })
        .execute();
      for (const person of ['ada', 'grace']) {
        await addUser(api.db, 'cli', { email: `${person}@contoso.example`, displayName: '', profile: 'Admin' });
      }
    });
    afterAll(async () => {
      await api?.stop();
      await provider?.stop();
    });

    const aBrowser = () => createPageDriver({ stayOn: [new URL(url).host, new URL(provider.issuer).host] });
    const headersOf = (browser: PageDriver) => ({
      cookie: [...(browser.cookies.get(new URL(url).host) ?? [])].map((pair) => pair.join('=')).join('; '),
      'sec-fetch-site': 'same-origin',
    });
    const me = async (browser: PageDriver) =>
      await api.call('GET', '/api/v1/me', { key: null, headers: headersOf(browser) });
    const isSignedIn = async (browser: PageDriver) => (await me(browser)).status === 200;
    async function signIn(person: string, path = '/auth/sign-in?returnTo=/openapi.json', browser = aBrowser()) {
      await browser.open(`${url}${path}`);
      await provider.signIn(browser, person, url);
      return browser;
    }
    async function save(change: Record<string, unknown>) {
      const { json } = await api.call('GET', '/api/v1/sign-on-settings');
      const saved = await api.call('PUT', '/api/v1/sign-on-settings', {
        body: { ...json, ...change, confirmed: true },
      });
      expect(saved.status, saved.text).toBe(200);
    }

    it('lets people in, and back to the page that they wanted', async () => {
      const browser = await signIn('ada');
      expect([browser.page.status, browser.page.url]).toEqual([200, `${url}/openapi.json`]);
      expect((await me(browser)).json).toMatchObject({ name: 'ada@contoso.example', profile: 'Admin' });
    });

    it('begins a sign-in where the provider sends the browser', async () => {
      const target = encodeURIComponent(`${url}/openapi.json`);
      const browser = await signIn(
        'ada',
        `/auth/initiate?iss=${encodeURIComponent(provider.issuer)}&target_link_uri=${target}`,
      );
      expect([await isSignedIn(browser), browser.page.url]).toEqual([true, `${url}/openapi.json`]);
      const other = await aBrowser().open(`${url}/auth/initiate?iss=https%3A%2F%2Felsewhere.example`);
      expect(other.status).toBe(400);
    });

    it('signs out at the provider, too: the next sign-in asks again', async () => {
      const browser = await signIn('ada');
      const out = await api.call('POST', '/auth/sign-out', { key: null, headers: headersOf(browser) });
      expect(await isSignedIn(browser)).toBe(false);
      await browser.open(out.json.signOutUrl);
      await provider.confirmSignOut(browser);
      await browser.open(`${url}/auth/sign-in`);
      expect(new URL(browser.page.url).origin).toBe(new URL(provider.issuer).origin);
    });

    it('signs out of Mailroom who signs out at the provider, and no other browser', async () => {
      const [here, there] = [await signIn('ada'), await signIn('ada')];
      await provider.signOutThere(here);
      await eventually(async () => expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([false, true]));
    });

    it('gives the profile that a value of the claim stands for, and refuses who has none', async () => {
      await save({ claim: provider.claim, mappings: [{ value: 'leads', profile: 'Supervisor', teamId: null }] });
      try {
        const browser = await signIn('grace');
        expect([browser.page.status, browser.page.title]).toEqual([
          403,
          expect.stringContaining('no role in Mailroom'),
        ]);
        expect((await me(await signIn('ada'))).json).toMatchObject({ profile: 'Supervisor' });
      } finally {
        await save({ claim: null });
        await api.db.updateTable('users').set({ profile: 'Admin' }).execute();
      }
    });

    it('asks again before a change, by the provider, for the same person', async () => {
      await save({ stepUpMinutes: 5 });
      try {
        const browser = await signIn('ada');
        const aged = { authenticatedAt: new Date(Date.now() - 600_000) };
        await api.db.updateTable('sessions').set(aged).execute();
        const change = () =>
          api.call('POST', '/api/v1/teams', {
            key: null,
            headers: headersOf(browser),
            body: { name: `Team of ${name}` },
          });
        expect((await change()).json.reason).toBe('recent-sign-in-needed');
        await signIn('ada', '/auth/step-up', browser);
        expect([browser.page.status, browser.page.url]).toEqual([200, `${url}/auth/stepped-up`]);
        expect((await change()).status).toBe(201);
        await api.db.updateTable('sessions').set(aged).execute();
        const other = await signIn('grace', '/auth/step-up', browser).catch(() => browser);
        expect(other.page.url).not.toBe(`${url}/auth/stepped-up`);
        // A provider may end its session of the first person, and says so.
        expect(['recent-sign-in-needed', 'session-missing']).toContain((await change()).json.reason);
      } finally {
        await save({ stepUpMinutes: null });
      }
    });
  });
}
