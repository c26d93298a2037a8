import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { bundleMailroomWorkflows } from '../worker/workflow-bundle.ts';
import { createProgress } from './embedded/progress.ts';
import { projectFolder } from './embedded/stack-folder.ts';
import { messageOf, StartProblem } from './embedded/start-problem.ts';

const progress = createProgress();

/**
 * The checks to run before each commit, in one and a half minutes. Goes on after a failure, so that one run shows every problem.
 */
const checks = [
  { what: 'Format and lint', run: () => tool('biome', 'ci', '--colors=off', '.') },
  { what: 'Import arrows', run: () => tool('depcruise', '--output-type', 'err', ...foldersOfCode()) },
  { what: 'Types', run: () => tool('tsc', '-p', '.') },
  { what: 'Types of the pages', run: () => tool('tsc', '-p', 'web') },
  { what: 'Workflows bundle without Node built-ins', run: bundleMailroomWorkflows },
  { what: 'Fast suites', run: () => tool('vitest', 'run', '--project', 'unit', '--project', 'database') },
];

for (const { what, run } of checks) {
  try {
    await progress.step<unknown>(run, () => what);
  } catch (error) {
    progress.fail(new StartProblem(`${what}\n${messageOf(error)}`));
    process.exitCode = 1;
  }
}

/** All folders except the tests, which may import everything. Add a new folder to `.dependency-cruiser.mjs`, too. */
function foldersOfCode(): string[] {
  return globSync('*/', { cwd: projectFolder, exclude: ['node_modules', 'dist', 'deploy', 'docs', 'test'] });
}

/** Runs a program from node_modules; rejects with its output when it fails. */
async function tool(name: string, ...args: string[]): Promise<void> {
  const child = spawn(name, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${stdout}${stderr}`.trimEnd());
}
