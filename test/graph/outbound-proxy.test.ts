import { allowInsecureRequests, discovery } from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { acquireAccessToken, type TokenCacheStore } from '../../graph/entra/access-token.ts';
import { checkSettings } from '../../graph/entra/check-settings.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import { obeyOutboundProxy } from '../../process/outbound-proxy.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { signedIn, simulatorSettings } from './simulated-sign-in.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

let undo = () => {};
afterEach(() => undo());
function use(proxy: Partial<Parameters<typeof obeyOutboundProxy>[0]>) {
  undo = obeyOutboundProxy({ http: undefined, https: undefined, exceptions: [], ...proxy });
}

/** Microsoft, by a name that only a proxy can resolve. */
const outside = () => microsoftCloud('simulator', 'http://microsoft.test');

/** Somebody signed in there before. */
let signedInOutside: TokenCacheStore;
beforeAll(async () => {
  await using proxy = await startForwardProxy({ port: simulator.port });
  use({ http: proxy.url });
  signedInOutside = await signedIn(outside(), 'proxied@contoso.example');
  undo();
});

/** Reads the inbox with a sign-in, first asking Entra for a token. */
async function read(cloud = outside(), store = signedInOutside): Promise<void> {
  const request = { cloud, settings: simulatorSettings, store, forceRefresh: true };
  const getAccessToken = async () => (await acquireAccessToken(request)).token;
  const retry = { retries: 0, firstDelayMs: 0, maxDelayMs: 0 };
  await createMailboxClient({ cloud, getAccessToken, retry }).proveAccess();
}

describe('a proxy that the environment names', () => {
  it('is asked for Entra and Graph, with its user', async () => {
    await using proxy = await startForwardProxy({ port: simulator.port });
    use({ http: proxy.url.replace('//', '//mailroom:secret@') });
    await read();
    const asked = new Set(proxy.asked.map(({ host, user }) => `${host} by ${user}`));
    expect([...asked]).toEqual(['microsoft.test:80 by mailroom']);
    expect(await checkSettings(outside(), simulatorSettings, 10_000)).toMatchObject([{ code: 'settings-work' }]);
  });

  it('is asked for the OpenID provider, too', async () => {
    await using proxy = await startForwardProxy({ port: simulator.port });
    use({ http: proxy.url });
    const issuer = new URL(`http://microsoft.test/${simulatorSettings.tenantId}/v2.0`);
    const execute = [allowInsecureRequests];
    const found = await discovery(issuer, simulatorSettings.clientId, 'secret', undefined, { execute });
    expect(found.serverMetadata().token_endpoint).toContain('http://microsoft.test/');
    expect(proxy.asked).toMatchObject([{ host: 'microsoft.test:80' }]);
  });

  it('is never asked for this machine, nor for what NO_PROXY names', async () => {
    await using proxy = await startForwardProxy({ port: simulator.port });
    use({ http: proxy.url, https: proxy.url, exceptions: ['.test'] });
    for (const host of ['localhost', '127.0.0.1']) {
      const here = microsoftCloud('simulator', `http://${host}:${simulator.port}`);
      await read(here, await signedIn(here, 'here@contoso.example'));
    }
    await expect(read()).rejects.toMatchObject({ type: 'Unavailable', reason: 'network' });
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    [407, 'proxy-refused'],
    [403, 'proxy-refused'],
    [502, 'proxy-refused'],
  ])('and that answers %i is what failed, in words', async (refusal, reason) => {
    await using proxy = await startForwardProxy({ port: simulator.port, refusal });
    use({ http: proxy.url });
    await expect(read()).rejects.toMatchObject({ type: 'Unavailable', reason, status: refusal });
    expect(await checkSettings(outside(), simulatorSettings, 10_000)).toMatchObject([
      { code: reason, severity: 'error', status: refusal },
    ]);
  });

  it('and that is not there is what failed, and not Microsoft', async () => {
    const proxy = await startForwardProxy({ port: simulator.port });
    await proxy[Symbol.asyncDispose]();
    use({ http: proxy.url });
    await expect(read()).rejects.toMatchObject({ reason: 'proxy-unreachable', code: 'ECONNREFUSED' });
    expect(await checkSettings(outside(), simulatorSettings, 10_000)).toMatchObject([{ code: 'proxy-unreachable' }]);
  });

  it('and whose name does not resolve is what failed', async () => {
    use({ http: 'http://no-such-proxy.invalid:3128' });
    await expect(read()).rejects.toMatchObject({ reason: 'proxy-unreachable' });
  });
});
