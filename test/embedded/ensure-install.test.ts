import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-install-'));
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  cpSync(join(projectFolder, 'scripts/ensure-install.mjs'), join(folder, 'scripts/ensure-install.mjs'));
  writeFileSync(join(folder, 'node_modules/.bin/node'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const left = { version: '1.0.0' };
const elsewhere = { version: '1.0.0', optional: true };

function lock(packages: Record<string, object>): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

function installed(packages: Record<string, object>): void {
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

/** Runs it with an npm that only says what it is asked, and then does what `npm` says. */
function ensureInstall(npm = 'process.exit(0)') {
  writeFileSync(join(folder, 'npm.js'), `console.error('asked: ' + process.argv.slice(2).join(' ')); ${npm}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/ensure-install.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(folder, 'npm.js') },
  });
  expect(stdout).toBe('');
  return { status, output: stderr };
}

describe('ensure-install', () => {
  it('says and does nothing when everything is there; packages for other systems need not be', () => {
    lock({ 'node_modules/left': left, 'node_modules/elsewhere': elsewhere });
    installed({ 'node_modules/left': left });
    expect(ensureInstall()).toEqual({ status: 0, output: '' });
  });

  it.each([
    ['nothing is installed', undefined],
    ['a package is missing', {}],
    ['a package has another version', { 'node_modules/left': { version: '0.9.0' } }],
  ])('installs when %s', (_, present) => {
    lock({ 'node_modules/left': left });
    if (present) installed(present);
    const record = JSON.stringify(JSON.stringify({ packages: { 'node_modules/left': left } }));
    const { status, output } = ensureInstall(
      `require('node:fs').writeFileSync('node_modules/.package-lock.json', ${record})`,
    );
    expect(output).toMatch(/… installing packages with npm ci \(once\)\n✔ packages installed/);
    expect(status).toBe(0);
  });

  it.each([
    ['npm error code ENOTFOUND', /✘ npm ci cannot reach the package registry: is there a network/],
    ['npm error code EUSAGE\nnpm error lock file is out of sync', /✘ npm ci failed: code EUSAGE lock file/],
  ])('tells in one line why it failed: %s', (said, expected) => {
    lock({ 'node_modules/left': left });
    const { status, output } = ensureInstall(`console.error(${JSON.stringify(said)}); process.exit(1)`);
    expect(output).toMatch(expected);
    expect(output.trim().split('\n')).toHaveLength(2);
    expect(status).toBe(1);
  });

  it('tells when npm was kept from installing everything', () => {
    lock({ 'node_modules/left': left });
    expect(ensureInstall()).toMatchObject({ status: 1, output: expect.stringContaining('npm ci left packages out') });
  });
});
