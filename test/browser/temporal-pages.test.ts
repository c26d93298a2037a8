import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId } from '../../contract/mailbox.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { startTemporal, type TemporalServer } from '../../scripts/embedded/temporal-server.ts';
import { DEFAULT_ADMINISTRATOR, SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { aCertificateAuthority } from '../support/certificates.ts';
import { enterSettings } from '../support/connect-account.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { openSignedIn } from './sign-in.ts';
import { startBrowser, type Visitor, visitWithThirdPartyCookies } from './start-browser.ts';

const ADDRESS = 'helen@contoso.example';

/** Browsers find this machine under it, and take it for a site of its own. */
const NAME = 'mailroom.localhost';
const WITHOUT_THIRD_PARTY_COOKIES = '--test-third-party-cookie-phaseout';

interface Layout {
  /** Host name of Mailroom's https address. */
  readonly host: string;
  /** Temporal's pages as they are served, or at https as well. */
  readonly ui: 'http://localhost' | 'https://localhost';
  readonly isDecoded: boolean;
}

/**
 * Mailroom at an https address, and Temporal's own pages at another origin, in browsers without cookies of third parties
 * and in one with them.
 */
describe.each<[string, Layout]>([
  [
    'at https under the same site',
    {
      host: 'localhost',
      ui: 'https://localhost',
      isDecoded: true,
    },
  ],
  ['on another site', { host: NAME, ui: 'http://localhost', isDecoded: false }],
])("Temporal's pages %s", (_layout, { host, ui, isDecoded }) => {
  let stack: TestStack;
  let temporal: TemporalServer;
  const fronts: Server[] = [];
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let publicUrl: string;
  let uiUrl: string;
  let accountId: string;
  const codec = () => `${publicUrl}/temporal/codec`;

  beforeAll(async () => {
    const [temporalPort = 0, uiPort = 0] = await freePorts(2);
    const certificate = await serverCertificate(host);
    const atHttps = async (port: () => number) => {
      const front = await startTlsProxy(certificate, port);
      fronts.push(front);
      return (front.address() as AddressInfo).port;
    };
    publicUrl = `https://${host}:${await atHttps(() => Number(new URL(stack.mailroom.url).port))}`;
    uiUrl = `${ui}:${ui === 'http://localhost' ? uiPort : await atHttps(() => uiPort)}`;
    [temporal, browser] = await Promise.all([
      startTemporal({ port: temporalPort, uiPort, codecEndpoint: codec() }),
      startBrowser(WITHOUT_THIRD_PARTY_COOKIES),
    ]);
    stack = await startTestStack({
      PUBLIC_URL: publicUrl,
      TEMPORAL_UI_URL: uiUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
    });
    const redirectUris = [`${publicUrl}/auth/callback`];
    await createSimulatorControl(stack.simulatorUrl).call('PUT', `/apps/${SSO_CLIENT_ID}`, { redirectUris });
    await enterSettings(stack);
    accountId = (await stack.mailroom.post<{ id: string }>('/email/accounts', { address: ADDRESS })).id;
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await temporal?.stop();
    for (const front of fronts.splice(0)) front.close();
  });

  /** As docker-compose.yml sets up the pages; the development server has no switch for it. */
  async function include(visitor: Visitor): Promise<Visitor> {
    const settings = { endpoint: codec(), includeCredentials: true, overrideRemoteCodecConfiguration: true };
    await visitor.page.addInitScript(
      `for (const [name, value] of Object.entries(${JSON.stringify(settings)})) localStorage.setItem(name, JSON.stringify(value))`,
    );
    return visitor;
  }
  const openWorkflow = ({ page }: Visitor) =>
    page.goto(`${uiUrl}/namespaces/default/workflows/${mailboxWorkflowId(accountId)}`);

  it.runIf(isDecoded)('show the address of an account to an administrator who is signed in to Mailroom', async () => {
    const admin = await include(await browser.visit({ ignoreHTTPSErrors: true }));
    await expectDecoded(admin);
    await admin.close();
  });

  async function expectDecoded(admin: Visitor): Promise<void> {
    await openSignedIn(admin.page, `${publicUrl}/config/email/accounts`, DEFAULT_ADMINISTRATOR);
    const decoded = admin.page.waitForResponse(async (response) => {
      if (response.url() !== `${codec()}/decode` || response.status() !== 200) return false;
      const { payloads }: { payloads: readonly { data: string }[] } = await response.json();
      return payloads.some(({ data }) => Buffer.from(data, 'base64').toString() === JSON.stringify(ADDRESS));
    });
    await openWorkflow(admin);
    await admin.page.getByText('User Metadata').click();
    await decoded;
    expect(await admin.page.getByText('could not connect').count()).toBe(0);
  }

  it.runIf(!isDecoded)('decode nothing, even for an administrator, and can read why', async () => {
    const admin = await include(await browser.visit({ ignoreHTTPSErrors: true }));
    await openSignedIn(admin.page, `${publicUrl}/config/email/accounts`, DEFAULT_ADMINISTRATOR);
    await expectRefused(admin);
  });

  it.runIf(!isDecoded)('decode in a browser that sends cookies to other sites', async () => {
    const profile = mkdtempSync(join(tmpdir(), 'mailroom-profile-'));
    const admin = await include(await visitWithThirdPartyCookies(profile, { ignoreHTTPSErrors: true }));
    try {
      await expectDecoded(admin);
    } finally {
      await admin.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });

  it('show it to no other, and can read why', async () => {
    await expectRefused(await include(await browser.visit({ ignoreHTTPSErrors: true })));
  });

  async function expectRefused(visitor: Visitor): Promise<void> {
    const refused = visitor.page.waitForResponse((response) => response.url() === `${codec()}/decode`);
    await openWorkflow(visitor);
    const answer = await refused;
    expect([answer.status(), answer.headers()['access-control-allow-origin']]).toEqual([401, uiUrl]);
    expect(await visitor.page.getByText(ADDRESS).count()).toBe(0);
    await visitor.close();
  }
});

async function startTlsProxy(certificate: TlsOptions, port: () => number): Promise<Server> {
  const server = createServer(certificate, (socket) => {
    const plain = connect(port(), '127.0.0.1');
    const ends = [socket, plain];
    for (const end of ends) end.on('error', () => {}).on('close', () => ends.map((one) => one.destroy()));
    socket.pipe(plain).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function serverCertificate(host: string) {
  const { certificate, key } = await (await aCertificateAuthority()).issue(host);
  return { cert: certificate, key };
}
