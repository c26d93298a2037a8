/**
 * Runs before every script of package.json, on whatever Node the machine has and without any package: installs with
 * `npm ci` when node_modules does not hold what package-lock.json asks for, and says nothing when it does.
 * All output goes to stderr, so that scripts whose output is read by programs stay clean.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 20];

const root = fileURLToPath(new URL('..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(
    `Node ${process.versions.node} is too old: Mailroom needs ${OLDEST_NODE.join('.')} or newer (https://nodejs.org).`,
  );
}
if (!isInstalled()) install();

/** Compares npm's own record of the last finished installation with package-lock.json: about 10 ms. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (present === undefined || !existsSync(`${root}node_modules/.bin/node`)) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Packages for other platforms are optional, and not there.
    return present[path] === undefined ? optional === true : present[path].version === version;
  });
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(root + file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function install() {
  const started = Date.now();
  console.error('… installing packages with npm ci (once)');
  // Inside an npm script this is the npm that runs it; its own script is started with the same Node.
  const npm = process.env.npm_execpath;
  const [command, ...args] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const cache = cacheInstead();
  const { status, error, stderr } = spawnSync(
    command,
    [
      ...[...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev'],
      ...(cache === undefined ? [] : ['--cache', cache]),
    ],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 2, 'pipe'], shell: process.platform === 'win32' },
  );
  if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
  if (error) fail(`npm cannot be started: ${error.message}`);
  if (status !== 0) fail(reason(stderr));
  if (!isInstalled()) {
    fail('npm ci left packages out. Is ignore-scripts or omit set in an .npmrc? `npm ci --include=dev` shows more.');
  }
  console.error(`✔ packages installed (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** A folder for npm's cache where its own cannot be written to: in a home that is missing or read-only. */
function cacheInstead() {
  try {
    // npm says it to its scripts.
    const usual = process.env.npm_config_cache ?? join(homedir(), '.npm');
    mkdirSync(usual, { recursive: true });
    rmdirSync(mkdtempSync(join(usual, '.try-')));
    return undefined;
  } catch {
    try {
      return mkdtempSync(join(tmpdir(), 'mailroom-npm-'));
    } catch {
      // npm says what it cannot write to.
      return undefined;
    }
  }
}

function reason(output) {
  const errors = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line) && !/A complete log/.test(line));
  const shown = errors.slice(0, 3).map((line) => line.replace(/^npm (error|ERR!) ?/, ''));
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(output)) {
    return `npm ci cannot reach the package registry: is there a network, or a proxy to set? (${shown[0] ?? ''})`;
  }
  return `npm ci failed: ${shown.join(' ') || 'no reason given'}. Run \`npm ci\` to see all of it.`;
}

function fail(message) {
  console.error(`✘ ${message}`);
  process.exit(1);
}
