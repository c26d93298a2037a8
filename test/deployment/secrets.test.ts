import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../config/environment.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { SSO_CLIENT_SECRET } from '../../simulator/entra/default-directory.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mailroom-secrets-'));
  folder = join(parent, 'secrets');
});
afterEach(() => rmSync(parent, { recursive: true }));

function makeSecrets(...args: string[]) {
  return spawnSync(process.execPath, ['scripts/secrets.ts', '--folder', folder, ...args], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
}

function read(): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('npm run secrets', () => {
  it('makes what Mailroom can start with', () => {
    expect(makeSecrets().status).toBe(0);
    const { postgres_password: password = '' } = read();
    const config = readConfig({
      DATABASE_URL_FILE: join(folder, 'database_url'),
      ENCRYPTION_KEYS_FILE: join(folder, 'encryption_keys'),
      OIDC_CLIENT_SECRET_FILE: join(folder, 'oidc_client_secret'),
    });
    expect(password.length).toBeGreaterThan(30);
    expect(config.database.url).toBe(`postgres://mailroom:${password}@postgres:5432/mailroom`);
    expect(config.encryption.keys).toHaveLength(1);
    expect(config.oidc).toBeUndefined();
  });

  it('lets only us into the folder, and every user of a container read the files', () => {
    makeSecrets();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o444);
  });

  it('never replaces a secret, and shows none', () => {
    const first = makeSecrets().stdout;
    const before = read();
    const again = makeSecrets();
    expect(again.status).toBe(0);
    expect(read()).toEqual(before);
    for (const value of Object.values(before).filter(Boolean)) expect(first + again.stdout).not.toContain(value);
  });

  it('refuses to invent a password for a database that has one', () => {
    makeSecrets();
    rmSync(join(folder, 'postgres_password'));
    const { status, stderr } = makeSecrets();
    expect(status).toBe(1);
    expect(stderr).toContain('one of postgres_password and database_url is missing');
    expect(readdirSync(folder)).not.toContain('postgres_password');
  });

  it('knows the secret of the simulator', () => {
    makeSecrets('--demo');
    expect(read().oidc_client_secret).toBe(SSO_CLIENT_SECRET);
  });
});
