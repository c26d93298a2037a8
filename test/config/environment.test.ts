import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigProblem } from '../../config/config-problem.ts';
import type { EncryptionKey } from '../../config/encryption-keys.ts';
import { readConfig, readDatabaseUrl, readMigrationConfig } from '../../config/environment.ts';
import { variables } from '../../config/variables.ts';
import { makeClientCertificate } from '../simulator/client-certificate.ts';
import { aCertificateAuthority } from '../support/certificates.ts';

const keys = [0, 1, 2].map(() => randomBytes(32).toString('base64'));
const key = (which: number) => keys[which] as string;
const enough = {
  DATABASE_URL: 'postgres://mailroom:pw@localhost:5433/mailroom',
  ENCRYPTION_KEYS: `k1:${key(1)}`,
};
const folder = mkdtempSync(join(tmpdir(), 'mailroom-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(env: Record<string, string>) {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('readConfig accepted the environment');
}

function fileWith(content: string): string {
  const path = join(folder, String(Math.random()));
  writeFileSync(path, content);
  return path;
}

describe('readConfig', () => {
  it('needs only the database and a key; everything else has a default', () => {
    expect(readConfig(enough)).toMatchObject({
      api: { host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000', codecAccess: 'session' },
      database: { url: enough.DATABASE_URL, poolSize: 10 },
      temporal: { address: 'localhost:7233', namespace: 'default', uiUrl: 'http://localhost:8233' },
      microsoft: { cloud: 'global' },
      oidc: undefined,
      worker: { pollIntervalMs: 20_000, deltaPageSize: 50, drainHeartbeatTimeoutMs: 30_000, healthPort: undefined },
      log: { level: 'info' },
    });
  });

  it('refuses addresses at ports to which browsers and Node open no connection', () => {
    const problem = problemsOf({
      ...enough,
      PUBLIC_URL: 'https://mailroom.example:6000',
      SIMULATOR_URL: 'http://localhost:4190',
      WORKER_HEALTH_PORT: '10080',
    });
    expect(problem.problems.map(({ variable }) => variable).sort()).toEqual([
      'PUBLIC_URL',
      'SIMULATOR_URL',
      'WORKER_HEALTH_PORT',
    ]);
    expect(problem.message).toContain('must have another port: browsers and Node refuse to connect to this one');
    expect(readConfig({ ...enough, DATABASE_URL: 'postgres://me:pw@localhost:6000/mailroom' })).toBeDefined();
  });

  it('reports all problems at once, each with the variable, what is wrong and an example', () => {
    const problem = problemsOf({
      ENCRYPTION_KEYS: 'k1:c2hvcnQ=',
      API_PORT: '70000',
      POLL_INTERVAL_SECONDS: 'often',
      MICROSOFT_CLOUD: 'moon',
      OIDC_ISSUER: 'https://idp.example',
      PUBLIC_URL: 'https://mailroom.example/app',
      TRUST_PROXY: '10.0.0.0/8, my proxy',
      FIRST_ADMINISTRATOR: 'nobody',
    });
    expect(problem.problems.map(({ variable }) => variable).sort()).toEqual([
      'API_PORT',
      'DATABASE_URL',
      'ENCRYPTION_KEYS',
      'FIRST_ADMINISTRATOR',
      'MICROSOFT_CLOUD',
      'OIDC_CLIENT_ID',
      'OIDC_CLIENT_SECRET',
      'POLL_INTERVAL_SECONDS',
      'PUBLIC_URL',
      'TRUST_PROXY',
    ]);
    expect(problem.message).toContain('The configuration has 10 problems:');
    expect(problem.message).toContain('API_PORT is "70000": must be a whole number from 0 to 65535. Example: 3000');
    for (const { example, problem: text } of problem.problems) expect([text, example]).not.toContain('');
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }, 'NODE_ENV is "production"'],
    ['for people elsewhere', { PUBLIC_URL: 'https://mailroom.example' }, 'PUBLIC_URL leads beyond this machine'],
    ['on another machine', { SIMULATOR_URL: 'http://192.168.1.5:4000' }, 'SIMULATOR_URL leads beyond this machine'],
  ])('refuses the simulator %s', (_where, env, because) => {
    const { message } = problemsOf({ ...enough, MICROSOFT_CLOUD: 'simulator', ...env });
    expect(message).toContain(`lets everybody sign in as anybody, although ${because}`);
    expect(readConfig({ ...enough, ...env, MICROSOFT_CLOUD: 'global' }).microsoft.cloud).toBe('global');
  });

  it('takes the simulator on this machine', () => {
    const env = { ...enough, MICROSOFT_CLOUD: 'simulator', SIMULATOR_URL: 'http://simulator.localhost:4000' };
    expect(readConfig(env).microsoft.cloud).toBe('simulator');
  });

  it('gives the migration the database and nothing else', () => {
    expect(readDatabaseUrl({ DATABASE_URL: enough.DATABASE_URL })).toBe(enough.DATABASE_URL);
    expect(() => readDatabaseUrl({ ENCRYPTION_KEYS: 'x' })).toThrow('DATABASE_URL is missing');
    const RUNTIME_DATABASE_URL = 'postgres://mailroom_runtime@localhost/mailroom';
    expect(readMigrationConfig({ ...enough, RUNTIME_DATABASE_URL })).toEqual({
      url: enough.DATABASE_URL,
      runtimeUrl: RUNTIME_DATABASE_URL,
    });
    expect(() => readMigrationConfig({ ...enough, RUNTIME_DATABASE_URL: 'mysql://x' })).toThrow('RUNTIME_DATABASE_URL');
  });

  describe('the stream of the audit trail', () => {
    const url = 'https://siem.example/v1/logs';
    const problem = (env: Record<string, string>) => {
      try {
        readConfig({ ...enough, ...env });
        return '';
      } catch (error) {
        return String(error);
      }
    };

    it('is off without an address, and has its headers as OpenTelemetry writes them', () => {
      const streamOf = (env: Record<string, string>) => readConfig({ ...enough, ...env }).audit.stream;
      expect(streamOf({ AUDIT_STREAM_HEADERS_FILE: fileWith('') })).toBeUndefined();
      const given = 'Authorization=Bearer%20a%2Cb, x-tenant = bank';
      expect(streamOf({ AUDIT_STREAM_URL: url, AUDIT_STREAM_HEADERS_FILE: fileWith(given) })).toEqual({
        url,
        headers: { Authorization: 'Bearer a,b', 'x-tenant': 'bank' },
        tls: {},
      });
    });

    it('is refused where its parts do not fit, without a word of the credentials', async () => {
      const { certificate } = await (await aCertificateAuthority()).issue('mailroom');
      expect(problem({ AUDIT_STREAM_URL: `${url}?key=1` })).toContain('must have no query');
      expect(problem({ AUDIT_STREAM_URL: 'https://me:secret@siem.example' })).toContain('no user name');
      expect(problem({ AUDIT_STREAM_HEADERS: 'a=b' })).toContain('AUDIT_STREAM_URL is missing');
      expect(problem({ AUDIT_STREAM_URL: url, AUDIT_STREAM_CERTIFICATE: certificate })).toContain(
        'AUDIT_STREAM_KEY is missing',
      );
      expect(problem({ AUDIT_STREAM_URL: 'http://siem.example', AUDIT_STREAM_CA: certificate })).toContain(
        'must begin with https: because AUDIT_STREAM_CA is set',
      );
      for (const wrong of ['Bearer secret', 'a b=secret', 'a=%0d%0asecret', 'a=%secret', '=secret']) {
        const words = problem({ AUDIT_STREAM_URL: url, AUDIT_STREAM_HEADERS: wrong });
        expect(words).toContain('AUDIT_STREAM_HEADERS must be `name=value`');
        expect(words).not.toContain('secret');
      }
    });
  });

  describe('TLS for Temporal', () => {
    it('is off, unless it is asked for or follows from something else', async () => {
      const { certificate, key } = await (await aCertificateAuthority()).issue('mailroom');
      const tlsOf = (env: Record<string, string>) => readConfig({ ...enough, ...env }).temporal.tls;
      expect(tlsOf({})).toBeUndefined();
      expect(tlsOf({ TEMPORAL_TLS: 'false' })).toBeUndefined();
      expect(tlsOf({ TEMPORAL_TLS: 'true' })).toEqual({ ca: undefined, client: undefined, serverName: undefined });
      expect(tlsOf({ TEMPORAL_API_KEY: 'x' })).toBeDefined();
      expect(
        tlsOf({ TEMPORAL_TLS_CA_FILE: fileWith(certificate), TEMPORAL_TLS_SERVER_NAME: 'x.example' }),
      ).toMatchObject({
        ca: certificate.trim(),
        serverName: 'x.example',
      });
      expect(
        tlsOf({ TEMPORAL_TLS_CERTIFICATE_FILE: fileWith(certificate), TEMPORAL_TLS_KEY_FILE: fileWith(key) }),
      ).toMatchObject({ client: { certificate: certificate.trim(), key: key.trim() } });
    });

    it('is refused where its parts do not fit, without a word of the key', async () => {
      const authority = await aCertificateAuthority();
      const [one, other] = await Promise.all([authority.issue('one'), authority.issue('other')]);
      const problem = (env: Record<string, string>) => problemsOf({ ...enough, ...env }).message;
      expect(problem({ TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'x' })).toContain(
        'TEMPORAL_API_KEY is set, which needs TLS',
      );
      expect(problem({ TEMPORAL_TLS_CERTIFICATE: one.certificate })).toContain('TEMPORAL_TLS_KEY is missing');
      expect(problem({ TEMPORAL_TLS_KEY: one.key })).toContain('TEMPORAL_TLS_CERTIFICATE is missing');
      const mixed = problem({ TEMPORAL_TLS_CERTIFICATE: one.certificate, TEMPORAL_TLS_KEY: other.key });
      expect(mixed).toContain('TEMPORAL_TLS_KEY does not belong to TEMPORAL_TLS_CERTIFICATE');
      const broken = problem({ TEMPORAL_TLS_CA: 'no PEM', TEMPORAL_TLS_KEY: other.key.slice(0, 80) });
      expect(broken).toContain('TEMPORAL_TLS_CA must be certificates in PEM');
      expect(broken).toContain('TEMPORAL_TLS_KEY must be a private key in PEM');
      for (const message of [mixed, broken]) expect(message).not.toContain(other.key.split('\n')[1]?.slice(0, 20));
    });
  });

  it('knows a variable by the name that it had in an earlier release, and prefers the present one', () => {
    const former = { ...enough, WORKER_MAX_CONCURRENT_LOOKS: '7' };
    expect(readConfig(former).worker.maxConcurrentPolls).toBe(7);
    expect(readConfig({ ...former, WORKER_MAX_CONCURRENT_POLLS: '9' }).worker.maxConcurrentPolls).toBe(9);
  });

  it('treats a variable that is set to nothing as not set', () => {
    expect(readConfig({ ...enough, API_PORT: '', OIDC_ISSUER: ' ' }).api.port).toBe(3000);
  });

  it('reads secrets from files, without the line break at their end', () => {
    const config = readConfig({
      DATABASE_URL_FILE: fileWith('postgres://db.example/mailroom\n'),
      ENCRYPTION_KEYS_FILE: fileWith(`new:${key(2)},old:${key(1)}\r\n`),
    });
    expect(config.database.url).toBe('postgres://db.example/mailroom');
    expect(config.encryption.keys.map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('names the file variable when a secret is given twice, or its file is missing or empty', () => {
    const { problems } = problemsOf({
      DATABASE_URL_FILE: fileWith('\n'),
      ENCRYPTION_KEYS_FILE: join(folder, 'absent'),
      OIDC_CLIENT_SECRET: 'secret',
      OIDC_CLIENT_SECRET_FILE: fileWith('secret'),
    });
    expect(problems).toMatchObject([
      { variable: 'DATABASE_URL_FILE', problem: expect.stringContaining('empty') },
      { variable: 'ENCRYPTION_KEYS_FILE', problem: expect.stringContaining('ENOENT') },
      { variable: 'OIDC_CLIENT_SECRET', problem: expect.stringContaining('OIDC_CLIENT_SECRET_FILE are both set') },
    ]);
  });

  it('takes the empty file of a secret that is optional for no secret', () => {
    expect(readConfig({ ...enough, OIDC_CLIENT_SECRET_FILE: fileWith('\n') }).oidc).toBeUndefined();
  });

  it('reads proxies as other programs do: in both cases, the lower one first', () => {
    const proxy = 'http://user:hunter2@proxy.example:3128';
    expect(readConfig(enough).proxy).toEqual({ https: undefined, http: undefined, exceptions: [] });
    expect(
      readConfig({ ...enough, HTTPS_PROXY: proxy, NO_PROXY: '.corp.example, 10.0.0.5,login.x:8443' }).proxy,
    ).toEqual({
      https: proxy,
      http: undefined,
      exceptions: ['.corp.example', '10.0.0.5', 'login.x:8443'],
    });
    expect(
      readConfig({ ...enough, HTTPS_PROXY: 'http://other', https_proxy: proxy, no_proxy: '*' }).proxy,
    ).toMatchObject({
      https: proxy,
      exceptions: ['*'],
    });
  });

  it.each(['proxy.example:3128', 'socks5://proxy.example:1080', 'http://proxy.example/path'])(
    'refuses the proxy %s without repeating it',
    (proxy) => {
      const { problems, message } = problemsOf({ ...enough, HTTPS_PROXY: proxy, NO_PROXY: 'http://a' });
      expect(problems).toMatchObject([{ variable: 'HTTPS_PROXY' }, { variable: 'NO_PROXY' }]);
      expect(message).not.toContain(proxy);
    },
  );

  it('never repeats the value of a secret', () => {
    const { message } = problemsOf({
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      ENCRYPTION_KEYS: 'k1:hunter2',
      API_PORT: 'visible',
    });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('visible');
  });

  it.each([
    ['two keys of one id', `k1:${key(1)},k1:${key(2)}`],
    ['a key that is too short', `k1:${randomBytes(31).toString('base64')}`],
    ['a key that is too long', `k1:${randomBytes(33).toString('base64')}`],
    ['a key of zeros', `k1:${Buffer.alloc(32).toString('base64')}`],
    ['a key of one byte', `k1:${Buffer.alloc(32, 0xff).toString('base64')}`],
    ['a key that repeats a pattern', `k1:${Buffer.alloc(32, 'Mailroom').toString('base64')}`],
    ['a key that counts', `k1:${Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64')}`],
    ['a key that counts down', `k1:${Buffer.from(Array.from({ length: 32 }, (_, n) => 255 - n)).toString('base64')}`],
    ['a key that repeats bytes', `k1:${Buffer.alloc(32, Buffer.from([1, 200, 3, 250, 90])).toString('base64')}`],
    ['a key that is a text', `k1:${Buffer.from('The quick brown fox jumps over 1').toString('base64')}`],
    ['a key without id', key(1)],
    ['a comma at the end', `k1:${key(1)},`],
  ])('refuses %s', (_, refused) => {
    expect(problemsOf({ ...enough, ENCRYPTION_KEYS: refused }).problems).toMatchObject([
      { variable: 'ENCRYPTION_KEYS' },
    ]);
  });

  it('gives keys that decrypt nothing when they are printed', () => {
    const { encryption } = readConfig(enough);
    expect((encryption.keys[0] as EncryptionKey).key.export().toString('base64')).toBe(key(1));
    expect(JSON.stringify(encryption)).not.toContain(key(1));
  });

  it('accepts http on the simulator, but not in front of Microsoft', () => {
    const PUBLIC_URL = 'http://mailroom.localhost:3000';
    expect(problemsOf({ ...enough, PUBLIC_URL }).problems).toMatchObject([{ variable: 'PUBLIC_URL' }]);
    expect(
      readConfig({ ...enough, PUBLIC_URL, MICROSOFT_CLOUD: 'simulator', SIMULATOR_URL: 'http://localhost:4100/' }),
    ).toMatchObject({
      api: { publicUrl: PUBLIC_URL },
      microsoft: { cloud: 'simulator', simulatorUrl: 'http://localhost:4100' },
    });
  });

  it('takes OIDC when it is complete, and addresses in lower case', () => {
    const config = readConfig({
      ...enough,
      OIDC_ISSUER: 'https://idp.example/tenant',
      OIDC_CLIENT_ID: 'mailroom',
      OIDC_CLIENT_SECRET: 'secret',
      FIRST_ADMINISTRATOR: 'Admin@Contoso.example',
      TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1',
    });
    expect(config.oidc).toEqual({ issuer: 'https://idp.example/tenant', clientId: 'mailroom', clientSecret: 'secret' });
    expect(config.api.firstAdministrator).toBe('admin@contoso.example');
    expect(config.api.trustProxy).toEqual(['loopback', '10.0.0.0/8', '2001:db8::1']);
  });

  it('takes a certificate for Microsoft from files, and says what is the matter with one that cannot be used', async () => {
    const [ours, other, curve] = await Promise.all([
      makeClientCertificate(),
      makeClientCertificate(),
      makeClientCertificate({ namedCurve: 'P-256' }),
    ]);
    const files = (certificate: string, key: string) => ({
      ...enough,
      MICROSOFT_CERTIFICATE_FILE: fileWith(certificate),
      MICROSOFT_CERTIFICATE_KEY_FILE: fileWith(key),
    });
    expect(readConfig(files(`${other.pem}\n${ours.pem}`, ours.keyPem)).microsoft.certificate).toEqual({
      certificate: ours.pem,
      privateKey: ours.keyPem,
    });
    expect(readConfig(enough).microsoft.certificate).toBeUndefined();
    const wrong = [
      problemsOf(files(other.pem, ours.keyPem)),
      problemsOf(files(curve.pem, curve.keyPem)),
      problemsOf({ ...enough, MICROSOFT_CERTIFICATE: ours.pem }),
      problemsOf(files(ours.pem, ours.pem)),
    ];
    expect(wrong.map(({ problems }) => problems.map(({ variable, problem }) => `${variable} ${problem}`))).toEqual([
      ['MICROSOFT_CERTIFICATE_KEY does not belong to any certificate of MICROSOFT_CERTIFICATE'],
      ['MICROSOFT_CERTIFICATE_KEY holds an EC key; Entra accepts RSA alone'],
      ['MICROSOFT_CERTIFICATE_KEY is missing although MICROSOFT_CERTIFICATE is set'],
      ['MICROSOFT_CERTIFICATE_KEY holds a certificate and no private key'],
    ]);
    for (const { message } of wrong) expect(message).not.toMatch(/BEGIN/);
  });

  it('takes a key for single sign-on instead of a secret, and says what is the matter with one', async () => {
    const [ours, other, curve] = await Promise.all([
      makeClientCertificate(),
      makeClientCertificate(),
      makeClientCertificate({ namedCurve: 'P-256' }),
    ]);
    const elsewhere = { ...enough, OIDC_ISSUER: 'https://idp.example/tenant', OIDC_CLIENT_ID: 'mailroom' };
    const entra = { ...elsewhere, OIDC_ISSUER: 'https://login.microsoftonline.com/x/v2.0' };
    const keyFile = ({ keyPem }: { keyPem: string }) => ({ OIDC_CLIENT_KEY_FILE: fileWith(keyPem) });
    expect(readConfig({ ...elsewhere, ...keyFile(curve), OIDC_CLIENT_KEY_ID: 'k' }).oidc).toEqual({
      issuer: 'https://idp.example/tenant',
      clientId: 'mailroom',
      clientKey: { privateKey: curve.keyPem, certificate: undefined, keyId: 'k' },
    });
    const chain = `${other.pem}\n${ours.pem}`;
    expect(readConfig({ ...entra, ...keyFile(ours), OIDC_CLIENT_CERTIFICATE: chain }).oidc).toMatchObject({
      clientKey: { certificate: ours.pem },
    });
    const wrong = [
      { ...elsewhere, ...keyFile(ours), OIDC_CLIENT_SECRET: 's' },
      { ...elsewhere, OIDC_CLIENT_CERTIFICATE: ours.pem, OIDC_CLIENT_SECRET: 's' },
      { ...elsewhere, ...keyFile(ours), OIDC_CLIENT_CERTIFICATE: other.pem },
      { ...entra, ...keyFile(curve), OIDC_CLIENT_CERTIFICATE: curve.pem },
      { ...entra, ...keyFile(ours) },
      ...['login.microsoftonline.us', 'login.partner.microsoftonline.cn', 'sts.windows.net'].map((host) => ({
        ...elsewhere,
        OIDC_ISSUER: `https://${host}/x/v2.0`,
        ...keyFile(ours),
      })),
      { ...enough, ...keyFile(ours), OIDC_CLIENT_ID: 'mailroom' },
    ].map((env) => problemsOf(env).problems.map(({ variable, problem }) => `${variable} ${problem}`));
    expect(wrong).toEqual([
      ['OIDC_CLIENT_SECRET and OIDC_CLIENT_KEY are both set: use one of them'],
      ['OIDC_CLIENT_KEY is missing although OIDC_CLIENT_CERTIFICATE is set'],
      ['OIDC_CLIENT_KEY does not belong to any certificate of OIDC_CLIENT_CERTIFICATE'],
      ['OIDC_CLIENT_KEY holds an EC key; Entra accepts RSA alone'],
      ...Array(4).fill(['OIDC_CLIENT_CERTIFICATE is missing: Entra knows a key by its certificate']),
      ['OIDC_ISSUER is missing although OIDC_CLIENT_ID and OIDC_CLIENT_KEY are set'],
    ]);
  });

  it('is frozen to the bottom', () => {
    const config = readConfig(enough);
    expect(() => Object.assign(config.worker, { pollIntervalMs: 1 })).toThrow(TypeError);
    expect(Object.isFrozen(config.encryption.keys)).toBe(true);
  });

  it.each(Object.entries(variables).filter(([, variable]) => 'default' in variable))(
    'has a default for %s that it accepts itself',
    (name, variable) => {
      const value = 'default' in variable ? variable.default : '';
      expect(readConfig({ ...enough, [name]: value })).toEqual(readConfig(enough));
    },
  );
});
