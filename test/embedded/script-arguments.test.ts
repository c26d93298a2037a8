import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

const run = (script: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], { cwd: projectFolder, encoding: 'utf8' });

describe('the arguments of a script', () => {
  it.each(['start', 'reset', 'secrets', 'deliver', 'demo'])(
    '%s: `--help` explains them, and does nothing',
    (script) => {
      const { status, stdout, stderr } = run(script, '--help');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: npm ');
    },
  );

  it.each([
    ['start', ['--dat', 'x'], "Unknown option '--dat'"],
    ['reset', ['--yes', '--data', ''], '--data has no value.'],
    ['demo', ['x'], "Unexpected argument 'x'"],
    ['deliver', ['a.eml', '--to', 'b@contoso.example', '--simulator', 'file:///'], 'is no address such as'],
  ])('%s %j: what it does not have is refused with 2, in words', (script, args, words) => {
    const { status, stderr } = run(script, ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^✘ /);
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage: npm ');
  });
});

describe('npm run reset', () => {
  it('wipes no folder that holds other things than the data of Mailroom', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroom-reset-'));
    try {
      mkdirSync(join(folder, 'logs'));
      mkdirSync(join(folder, 'photographs'));
      const { status, stderr } = run('reset', '--yes', '--data', folder);
      expect([status, stderr]).toEqual([1, expect.stringContaining('Nothing was wiped')]);
      expect(readdirSync(folder)).toEqual(['logs', 'photographs']);
      rmSync(join(folder, 'photographs'), { recursive: true });
      expect(run('reset', '--yes', '--data', folder).status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
