import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
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
import { startBrowser, type Visitor } from './start-browser.ts';

const ADDRESS = 'helen@contoso.example';

/** Mailroom at an https address, and Temporal's own pages at another origin of the same site. */
describe("Temporal's pages", () => {
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
    const certificate = await serverCertificate();
    const front = await Promise.all([
      startTlsProxy(certificate, () => Number(new URL(stack.mailroom.url).port)),
      startTlsProxy(certificate, () => uiPort),
    ]);
    fronts.push(...front);
    [publicUrl, uiUrl] = front.map((server) => `https://localhost:${(server.address() as AddressInfo).port}`) as [
      string,
      string,
    ];
    [temporal, browser] = await Promise.all([
      startTemporal({ port: temporalPort, uiPort, codecEndpoint: codec() }),
      startBrowser(),
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
    for (const front of fronts) front.close();
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

  it('show the address of an account to an administrator who is signed in to Mailroom', async () => {
    const admin = await include(await browser.visit({ ignoreHTTPSErrors: true }));
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
    await admin.close();
  });

  it('show it to no other, and can read why', async () => {
    const stranger = await include(await browser.visit({ ignoreHTTPSErrors: true }));
    const refused = stranger.page.waitForResponse((response) => response.url() === `${codec()}/decode`);
    await openWorkflow(stranger);
    const answer = await refused;
    expect([answer.status(), answer.headers()['access-control-allow-origin']]).toEqual([401, uiUrl]);
    expect(await stranger.page.getByText(ADDRESS).count()).toBe(0);
    await stranger.close();
  });
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

async function serverCertificate() {
  const { certificate, key } = await (await aCertificateAuthority()).issue('localhost');
  return { cert: certificate, key };
}
