import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePorts } from '../embedded/ports.ts';
import { projectFolder } from '../embedded/stack-folder.ts';
import { findTemporalBinary } from '../embedded/temporal-binary.ts';
import type { Place } from './places.ts';

/** A copy of this clone in a place, and how commands run there. */
export interface Clone {
  /** The folder that contains everything; to be removed. */
  readonly base: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command that runs `npm …` as the place's user, with its umask. */
  npm(...args: readonly string[]): readonly [string, ...string[]];
}

/** The user `nobody`, which exists on every Linux. */
const ORDINARY = 65_534;
const portNames = ['API_PORT', 'SIMULATOR_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT'];

/** How this machine fetches packages, if not directly: its registry, certificate authority, proxy. */
const passedOn = ['npm_config_registry', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

/** Copies the files of this clone, including uncommitted changes, to the place. Places of another user need root. */
export async function settleIn(place: Place): Promise<Clone> {
  const base = mkdtempSync(join(tmpdir(), 'mailroom-matrix-'));
  // Every path has blanks and umlauts; access depends only on the place's folder.
  chmodSync(base, 0o755);
  const above = join(base, 'Büro 7');
  const folder = join(above, 'mailroom');
  mkdirSync(folder, { recursive: true });
  const { stdout } = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], projectFolder);
  for (const file of stdout.split('\0').filter(Boolean)) cpSync(join(projectFolder, file), join(folder, file));
  if (!place.isFresh) run('cp', ['-a', join(projectFolder, 'node_modules'), folder]);

  // Beside the clone, so that no place has to fetch or build the Temporal CLI.
  const programs = join(base, 'programs');
  mkdirSync(programs);
  cpSync(await findTemporalBinary(), join(programs, 'temporal'));
  chmodSync(join(programs, 'temporal'), 0o755);
  const home = join(base, 'home');
  if (place.home !== 'missing') mkdirSync(home);
  const node = place.node === undefined ? undefined : installNode(join(base, 'node'), place.node);

  const isOther = place.user === 'ordinary' && process.getuid?.() === 0;
  const owner = isOther ? ['setpriv', `--reuid=${ORDINARY}`, `--regid=${ORDINARY}`, '--clear-groups'] : [];
  if (isOther) run('chown', ['-R', `${ORDINARY}:${ORDINARY}`, above, ...(place.home === 'missing' ? [] : [home])]);
  if (place.home === 'read-only') chmodSync(home, 0o555);
  chmodSync(above, place.folder === 'private' ? 0o700 : 0o755);

  const ports = await freePorts(portNames.length);
  const path = [...(node ? [dirname(node.program)] : []), programs, outsidePath()].join(delimiter);
  return {
    base,
    folder,
    env: {
      ...Object.fromEntries(portNames.map((name, index) => [name, String(ports[index])])),
      PATH: path,
      HOME: home,
      ...Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    },
    npm: (...args) => {
      const npm = node ? [node.program, node.npm] : ['npm'];
      return [...owner, 'sh', '-c', `umask ${place.umask} && exec "$@"`, 'sh', ...npm, ...args] as [
        string,
        ...string[],
      ];
    },
  };
}

/** The PATH of the shell that ran npm: npm puts the clone's own programs in front. */
function outsidePath(): string {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return entries.filter((entry) => !entry.includes('node_modules') && !entry.includes('node-gyp')).join(delimiter);
}

function installNode(folder: string, version: string) {
  mkdirSync(folder);
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', `node@${version}`, 'npm@latest']);
  run('chmod', ['-R', 'go+rX', folder]);
  return {
    program: join(folder, 'node_modules/.bin/node'),
    npm: join(folder, 'node_modules/npm/bin/npm-cli.js'),
  };
}

function run(command: string, args: readonly string[], cwd?: string): { readonly stdout: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? stderr.trim()}`);
  return { stdout };
}
