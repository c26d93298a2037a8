import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentOf } from './process-environment.ts';
import { projectFolder } from './stack-folder.ts';
import { StartProblem } from './start-problem.ts';

const sources = [
  'web/**/*.{ts,tsx,css,html,svg}',
  'domain/words/*.ts',
  'domain/safe-file-name.ts',
  'package-lock.json',
];

/** Builds the pages into `dist/web` if they are missing or older than their sources. True when it built them. */
export async function buildWebWhenOld(): Promise<boolean> {
  const builtAt = statSync(join(projectFolder, 'dist/web/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const files = globSync(sources, { cwd: projectFolder });
  if (files.every((file) => statSync(join(projectFolder, file)).mtimeMs < builtAt)) return false;
  await buildWeb();
  return true;
}

/** Builds the pages in a separate process, which needs much memory for a short time. Rejects with StartProblem. */
export async function buildWeb(): Promise<void> {
  const vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'], {
    cwd: projectFolder,
    // Tests set another NODE_ENV, which would give React's development build: twice as large.
    env: { ...environmentOf('other', process.env), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve, reject) => vite.once('error', reject).once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([closed, text(vite.stdout), text(vite.stderr)]);
  if (code !== 0) throw new StartProblem(`The pages cannot be built:\n${stdout}${stderr}`.trimEnd());
}
