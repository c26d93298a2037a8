import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

/** The lines of a process that logs as ours do, and then does what it is told. */
function linesOf(program: string): {
  readonly status: number | null;
  readonly lines: readonly Record<string, unknown>[];
} {
  const start = `
    import { createLogger } from './worker/logger.ts';
    import { logLastWords } from './process/log-last-words.ts';
    logLastWords(createLogger('info'));
    ${program}
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', start], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return {
    status,
    lines: stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

describe('the log of a process', () => {
  it.each([
    ['an error that nothing caught', `setTimeout(() => { throw new TypeError('one\\nprivate\\nline'); })`],
    ['a promise that nothing awaited', `Promise.reject(new TypeError('one\\nprivate\\nline'))`],
  ])('holds one line of %s, and the process ends', (_, program) => {
    const { status, lines } = linesOf(program);
    expect(status).toBe(1);
    expect(lines).toMatchObject([{ level: 60, process: 'worker', error: 'TypeError', msg: 'process.failed' }]);
    expect(JSON.stringify(lines)).not.toContain('private');
  });

  it('holds one line of a warning of Node', () => {
    const { status, lines } = linesOf(`process.emitWarning('private', { code: 'DEP0', detail: 'two\\nlines' })`);
    expect(status).toBe(0);
    expect(lines).toMatchObject([{ level: 40, error: 'Warning', code: 'DEP0', msg: 'process.warned' }]);
    expect(JSON.stringify(lines)).not.toContain('private');
  });

  it("holds one line of each event of Temporal's core", () => {
    const { lines } = linesOf(`
      import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
      import { installRuntime } from './worker/logger.ts';
      installRuntime(createLogger('info'));
      Runtime.instance().logger.warn('heard', { sdkComponent: 'core', subject: 'private' });
      await Runtime.instance().shutdown();
    `);
    expect(lines).toMatchObject([{ level: 40, msg: 'heard', sdkComponent: 'core' }]);
  });
});
