import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { freePorts } from '../../scripts/embedded/ports.ts';
import type { PageDriver } from '../simulator/page-driver.ts';
import { CLIENT_ID, CLIENT_SECRET, describeProvider, type ForeignProvider } from './describe-provider.ts';

describeProvider('the package oidc-provider', start);

/** As it comes, with its own pages: the claims are at UserInfo alone, and it sends logout tokens when it is told to. */
async function start(mailroom: string): Promise<ForeignProvider> {
  const [port] = await freePorts(1);
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${mailroom}/auth/callback`],
        post_logout_redirect_uris: [`${mailroom}/`],
        backchannel_logout_uri: `${mailroom}/auth/back-channel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    features: { backchannelLogout: { enabled: true } },
    // Its own sends nothing to this machine.
    fetch: async (address, options) => {
      const { dispatcher: _guard, ...plain } = (options ?? {}) as RequestInit & { readonly dispatcher?: unknown };
      return await fetch(address, plain);
    },
    claims: { email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: async (_context, sub) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        email: `${sub}@contoso.example`,
        email_verified: true,
        groups: sub === 'ada' ? ['leads', 'everyone'] : ['everyone'],
      }),
    }),
  });
  const server = createServer(provider.callback()).listen(port, '127.0.0.1');
  await once(server, 'listening');

  /** Its buttons stand outside of the form, and name it. */
  async function confirm(browser: PageDriver): Promise<void> {
    const [form] = browser.page.forms;
    const cookies = [...(browser.cookies.get(new URL(issuer).host) ?? [])].map((pair) => pair.join('='));
    await fetch(form?.action ?? '', {
      method: 'POST',
      headers: { cookie: cookies.join('; ') },
      body: new URLSearchParams({ ...form?.fields, logout: 'yes' }),
      redirect: 'manual',
    });
    // It forgets the browser's cookie.
    (browser.cookies as Map<string, unknown>).delete(new URL(issuer).host);
  }

  return {
    issuer,
    claim: 'groups',
    async signIn(browser, person, mailroom) {
      await browser.submit({ login: person, password: 'x' });
      if (!browser.page.url.startsWith(mailroom)) await browser.press('Continue');
    },
    confirmSignOut: confirm,
    async signOutThere(browser) {
      await browser.open(`${issuer}/session/end?client_id=${CLIENT_ID}`);
      await confirm(browser);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
