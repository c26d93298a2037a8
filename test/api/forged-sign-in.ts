import { addUser } from '../../database/people/users.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import {
  aSigningKey,
  CLIENT_ID,
  CLIENT_SECRET,
  idToken,
  type MakeIdToken,
  startForgingProvider,
} from './forging-provider.ts';
import { startTestApi } from './test-api.ts';

interface SignIn {
  readonly claims?: Record<string, unknown>;
  /** Where it begins. */
  readonly start?: string;
  /** The headers of the browser. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What happens while the browser is at the provider. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** An API with a provider that lets everyone in under any name, with any claims. */
export async function startForgedSignIns() {
  const provider = await startForgingProvider();
  const api = await startTestApi({
    oidc: { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
  });
  const key = await aSigningKey('first');
  provider.state.keys = [key.publicJwk];
  /** By nonce, so that several sign-ins can be under way. */
  const makers = new Map<string, MakeIdToken>();
  provider.state.makeIdToken = async (nonce, issuer) => (await makers.get(nonce)?.(nonce, issuer)) ?? '';

  /** Begins a sign-in; the returned function ends it. */
  async function begin(name: string, { claims = {}, start = '/auth/sign-in', headers = {}, meanwhile }: SignIn = {}) {
    const began = await api.call('GET', start, { key: null, headers });
    const asked = new URL(String(began.headers.location));
    const back = await fetch(asked, { redirect: 'manual' });
    const { pathname, search } = new URL(back.headers.get('location') ?? '');
    const cookie = [headers.cookie, String(began.headers['set-cookie']).split(';')[0]].filter(Boolean).join('; ');
    const makeIdToken = idToken(key, { claims: { sub: name, email: `${name}@contoso.example`, ...claims } });
    return {
      asked,
      async end() {
        makers.set(asked.searchParams.get('nonce') ?? '', async (...given) => {
          await meanwhile?.();
          return await makeIdToken(...given);
        });
        const answer = await api.call('GET', `${pathname}${search}`, { key: null, headers: { ...headers, cookie } });
        const session = /mailroom=[\w-]{43}/.exec(String(answer.headers['set-cookie']))?.[0];
        return { ...answer, browser: { cookie: session ?? '', 'sec-fetch-site': 'same-origin' } };
      },
    };
  }

  return {
    api,
    provider,
    key,
    begin,
    signIn: async (name: string, options?: SignIn) => await (await begin(name, options)).end(),
    add: (name: string, profile: SecurityProfile = 'Agent') =>
      addUser(api.db, 'cli', { email: `${name}@contoso.example`, displayName: '', profile }),
    me: async (browser: Record<string, string>) => await api.call('GET', '/api/v1/me', { key: null, headers: browser }),
    async stop() {
      await api.stop();
      await provider.stop();
    },
  };
}
