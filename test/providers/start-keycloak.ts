import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolders } from '../../scripts/embedded/cache-folders.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { eventually } from '../support/eventually.ts';
import { CLIENT_ID, CLIENT_SECRET, type ForeignProvider } from './describe-provider.ts';

const run = promisify(execFile);
const VERSION = '26.4.0';
const REALM = 'contoso';
/** It builds itself at its first start, which takes minutes on a busy machine. */
const STARTS_WITHIN_MS = 480_000;

/** Starts Keycloak with a realm of its own, in its mode for development: its own database, and plain http. */
export async function startKeycloak(mailroom: string): Promise<ForeignProvider> {
  const home = await unpackedKeycloak();
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-keycloak-'));
  await mkdir(join(home, 'data', 'import'), { recursive: true });
  await writeFile(join(home, 'data', 'import', 'contoso-realm.json'), JSON.stringify(realmFor(mailroom)));
  const [port, managementPort] = await freePorts(2);
  const issuer = `http://localhost:${port}/realms/${REALM}`;
  const keycloak = spawn(
    join(home, 'bin', 'kc.sh'),
    [
      'start-dev',
      '--import-realm',
      '--http-host=127.0.0.1',
      `--http-port=${port}`,
      `--http-management-port=${managementPort}`,
      `--db-url=jdbc:h2:file:${join(folder, 'keycloak')};NON_KEYWORDS=VALUE`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const said: string[] = [];
  for (const stream of [keycloak.stdout, keycloak.stderr]) stream.on('data', (part) => said.push(String(part)));
  const ended = new Promise((resolve) => keycloak.once('exit', resolve));
  const stop = async () => {
    // The script and its Java are one group.
    if (keycloak.pid !== undefined && keycloak.exitCode === null) process.kill(-keycloak.pid, 'SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually(
      async () => {
        if (keycloak.exitCode !== null) throw new Error(`Keycloak ended: ${said.join('').slice(-2_000)}`);
        const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
        if (!answer.ok) throw new Error(`Keycloak answers ${answer.status}`);
      },
      { timeoutMs: STARTS_WITHIN_MS, intervalMs: 1_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    issuer,
    claim: 'realm_access.roles',
    async signIn(browser, person, mailroom) {
      // Who is asked again is known already, and asked only for the password.
      const asksForName = browser.page.forms.some(({ inputs }) => inputs.includes('username'));
      await browser.submit(asksForName ? { username: person, password: person } : { password: person });
      if (!browser.page.url.startsWith(mailroom))
        throw new Error(`Stopped at "${browser.page.title}": ${browser.page.text}`);
    },
    // The id token names the session, so it does not ask.
    confirmSignOut: async () => {},
    async signOutThere(browser) {
      await browser.open(`${issuer}/protocol/openid-connect/logout?client_id=${CLIENT_ID}`);
      await browser.submit();
    },
    stop,
  };
}

/** From Maven Central, once, into the cache. */
async function unpackedKeycloak(): Promise<string> {
  const [cache = tmpdir()] = cacheFolders();
  const home = join(cache, `keycloak-${VERSION}`);
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'keycloak-download-'));
  try {
    const artifact = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
    await run('mvn', ['-q', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
    await run('jar', ['--extract', '--file', join(folder, `keycloak-quarkus-dist-${VERSION}.zip`)], { cwd: folder });
    await run('chmod', ['+x', join(folder, `keycloak-${VERSION}`, 'bin', 'kc.sh')]);
    await rename(join(folder, `keycloak-${VERSION}`), home);
  } catch (cause) {
    throw new Error(`Keycloak ${VERSION} was not to be had. It needs mvn and jar (a JDK) on PATH.`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return home;
}

function realmFor(mailroom: string) {
  const person = (name: string, realmRoles: readonly string[]) => ({
    username: name,
    enabled: true,
    email: `${name}@contoso.example`,
    emailVerified: true,
    firstName: name,
    lastName: 'Contoso',
    credentials: [{ type: 'password', value: name, temporary: false }],
    realmRoles,
  });
  return {
    realm: REALM,
    enabled: true,
    sslRequired: 'none',
    roles: { realm: [{ name: 'leads' }, { name: 'everyone' }] },
    users: [person('ada', ['leads', 'everyone']), person('grace', ['everyone'])],
    clients: [
      {
        clientId: CLIENT_ID,
        secret: CLIENT_SECRET,
        enabled: true,
        publicClient: false,
        standardFlowEnabled: true,
        redirectUris: [`${mailroom}/auth/callback`],
        attributes: {
          'post.logout.redirect.uris': `${mailroom}/`,
          'backchannel.logout.url': `${mailroom}/auth/back-channel-logout`,
          'backchannel.logout.session.required': 'true',
        },
        protocolMappers: [
          {
            name: 'realm roles',
            protocol: 'openid-connect',
            protocolMapper: 'oidc-usermodel-realm-role-mapper',
            config: {
              'claim.name': 'realm_access.roles',
              multivalued: 'true',
              'jsonType.label': 'String',
              'id.token.claim': 'true',
            },
          },
        ],
      },
    ],
  };
}
