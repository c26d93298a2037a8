import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identifyProcess, isRunning } from '../../scripts/embedded/process-identity.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { eventually } from '../support/eventually.ts';

const node = (program: string, more: object = {}) =>
  startServerProcess({ name: 'program', command: process.execPath, args: ['-e', program], ...more });

describe('startServerProcess', () => {
  it('passes on and keeps what the program says, and how it ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroom-process-'));
    const logFile = join(folder, 'program.log');
    const lines: string[] = [];
    const program = await node("console.log('one'); console.error('two'); process.exit(3)", {
      logFile,
      onLine: (line: string) => lines.push(line),
    });
    expect(await program.exited).toEqual({ code: 3, signal: null });
    expect(lines.sort()).toEqual(['one', 'two']);
    expect([...program.lastLines()].sort()).toEqual(['one', 'two']);
    await eventually(() => expect(readFileSync(logFile, 'utf8').trim().split('\n').sort()).toEqual(['one', 'two']));
    rmSync(folder, { recursive: true });
  });

  it('waits for a line, and rejects with the complaint of a program that ends before', async () => {
    const good = await node("console.log('ready at 7'); setInterval(() => {}, 1000)");
    expect(await good.untilLine(/ready/)).toBe('ready at 7');
    await good.stop();
    const bad = await node("console.error('FATAL:  no data'); console.error('hint'); process.exit(1)");
    await expect(bad.untilLine(/ready/)).rejects.toThrow(/^no data$/);
    await bad.exited;
  });

  it('hears a Node program that says it is ready', async () => {
    const program = await node("process.send('ready'); process.on('disconnect', () => process.exit())", {
      isNode: true,
    });
    await program.untilReady();
    await program.stop();
  });

  it('rejects when there is no such program', async () => {
    await expect(
      startServerProcess({ name: 'ghost', command: '/no/such/program', args: [], isNode: true }),
    ).rejects.toThrow(/^ghost cannot be started: .*ENOENT/);
  });

  it('kills a program that does not end in time', async () => {
    const program = await node("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)");
    await program.untilLine(/deaf/);
    const askedAt = performance.now();
    expect(await program.stop({ graceMs: 100 })).toEqual({ code: null, signal: 'SIGKILL' });
    const took = performance.now() - askedAt;
    expect(took).toBeGreaterThanOrEqual(99);
    expect(took).toBeLessThan(5_000);
  });

  it.runIf(process.platform === 'linux')(
    'takes a program with it that is not ours, however this process ends',
    async () => {
      const parent = spawn(process.execPath, ['--input-type=module'], {
        cwd: projectFolder,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      parent.stdin.end(`
      import { startServerProcess } from './scripts/embedded/server-process.ts';
      const sleeper = await startServerProcess({ name: 'sleeper', command: 'sleep', args: ['60'] });
      console.log(sleeper.pid);
      setInterval(() => {}, 1000);
    `);
      const [line] = await once(parent.stdout, 'data');
      const sleeper = identifyProcess(Number(line));
      if (sleeper === undefined) throw new Error('The sleeper does not run');
      expect(isRunning(sleeper)).toBe(true);
      // Until setpriv has become the program, nothing is arranged yet; only the process record knows of it.
      await eventually(() => expect(readFileSync(`/proc/${sleeper.pid}/comm`, 'utf8').trim()).toBe('sleep'));
      parent.kill('SIGKILL');
      await once(parent, 'close');
      await eventually(() => expect(isRunning(sleeper)).toBe(false));
    },
  );
});
