import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('takes along a child that is still loading', { timeout: 60_000 }, async () => {
  const child = join(projectFolder, 'simulator/main.ts');
  const parent = `
    const { fork } = require('node:child_process');
    const child = fork(${JSON.stringify(child)}, ['--port', '0'], { stdio: 'ignore' });
    console.log(child.pid);
    setTimeout(() => process.exit(), 50);
  `;
  const { stdout } = await run(process.execPath, ['-e', parent]);
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(0);
  await eventually(async () => expect(isAlive(pid)).toBe(false), { timeoutMs: 50_000, intervalMs: 100 });
});
