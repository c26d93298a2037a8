import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolders, canWriteTo, homeFolder } from './cache-folders.ts';
import { startServerProcess } from './server-process.ts';
import { StartProblem } from './start-problem.ts';

/** The newest version of the CLI that `go install` accepts: later ones have replace directives. */
const GO_PACKAGE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

const HOW_TO_INSTALL =
  'No Temporal server. Install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, ' +
  'or set TEMPORAL_ADDRESS to a server that runs.';

/**
 * Finds the Temporal CLI: on PATH or in the cache. Otherwise gets it into the first writable cache (`cacheFolders`): by
 * the download of Temporal's SDK, or by `go install` where downloads are blocked but Go is installed. Rejects with one
 * line that says how to install it. `tell` gets a line before each slow step.
 */
export async function findTemporalBinary(tell: (what: string) => void = () => {}): Promise<string> {
  const caches = cacheFolders().map((folder) => join(folder, 'bin'));
  const cached = (cache: string) => join(cache, executable('temporal'));
  const found = findOnPath('temporal') ?? caches.map(cached).find(isExecutable);
  if (found !== undefined) return found;
  const cache = caches.find(canWriteTo);
  if (cache === undefined) {
    throw new StartProblem(`${HOW_TO_INSTALL} (It cannot be fetched: ${caches.join(' and ')} cannot be written to.)`);
  }
  const folder = mkdtempSync(join(cache, 'fetch-'));
  try {
    tell('fetching the Temporal CLI (once)');
    const fetched = (await download(folder)) ?? (await goInstall(folder, tell));
    if (fetched === undefined) throw new StartProblem(HOW_TO_INSTALL);
    renameSync(fetched, cached(cache));
    return cached(cache);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<string | undefined> {
  // Imported here because it takes a second, which a found binary does not need.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'cached-download', downloadDir: folder }, extraArgs: ['--headless'] },
    });
    await environment.teardown();
  } catch {
    return undefined;
  }
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .find(isExecutable);
}

async function goInstall(folder: string, tell: (what: string) => void): Promise<string | undefined> {
  if (findOnPath('go') === undefined) return undefined;
  tell(`the download is closed here; building it with Go (once, about three minutes)`);
  const go = await startServerProcess({
    name: 'go',
    command: 'go',
    args: ['install', GO_PACKAGE],
    env: { ...process.env, GOBIN: folder, ...goFolders(folder) },
  });
  const { code } = await go.exited;
  if (code !== 0)
    throw new StartProblem(`${HOW_TO_INSTALL} (\`go install\` failed: ${go.lastLines().at(-1) ?? `code ${code}`})`);
  return join(folder, executable('temporal'));
}

/** Go keeps sources and results in the home; if that is read-only, they go into the folder of this build. */
function goFolders(folder: string): NodeJS.ProcessEnv {
  const home = homeFolder();
  if (home !== undefined && canWriteTo(home)) return {};
  return {
    GOPATH: join(folder, 'go'),
    GOCACHE: join(folder, 'go-cache'),
    // Otherwise Go write-protects its sources, which also prevents their removal.
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
  };
}

function findOnPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = folders.map((folder) => join(folder, executable(name))).filter(isExecutable);
  // A version manager's shim can exist without the program behind it.
  return candidates.find((candidate) => name === 'go' || spawnSync(candidate, ['--version']).status === 0);
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
