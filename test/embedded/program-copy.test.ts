import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresOwner } from '../../scripts/embedded/postgres-owner.ts';
import { copyProgramsFor } from '../../scripts/embedded/program-copy.ts';

/** Only root starts programs as another user. */
describe.runIf(process.getuid?.() === 0)('copyProgramsFor', () => {
  const owner = postgresOwner('/nonexistent') ?? { uid: 0, gid: 0 };
  let home: string;
  let programs: string;
  const copies = new Set<string>();

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mailroom-private-'));
    programs = join(home, 'Büro 7', 'native');
    mkdirSync(join(programs, 'bin'), { recursive: true });
    mkdirSync(join(programs, 'share'));
    writeFileSync(join(programs, 'share', 'words'), 'five words that are read', { mode: 0o600 });
    writeFileSync(join(programs, 'bin', 'postgres'), '#!/bin/sh\ncat "$(dirname "$0")/../share/words"\n', {
      mode: 0o700,
    });
  });
  afterEach(() => {
    for (const folder of [home, ...copies]) rmSync(folder, { recursive: true, force: true });
    copies.clear();
  });

  function copy(): string {
    const folder = copyProgramsFor(owner, programs, 'bin/postgres');
    if (folder !== programs) copies.add(folder);
    return folder;
  }

  const run = (folder: string) =>
    execFileSync(join(folder, 'bin', 'postgres'), { ...owner, cwd: '/', encoding: 'utf8', stdio: 'pipe' });

  it('makes programs run for a user who may neither enter their folder nor read their files', () => {
    expect(() => run(programs)).toThrow(/EACCES/);
    expect(run(copy())).toBe('five words that are read');
  });

  it('makes no copy where every user may run them', () => {
    for (const path of ['', 'Büro 7', 'Büro 7/native', 'Büro 7/native/bin', 'Büro 7/native/share']) {
      chmodSync(join(home, path), 0o755);
    }
    chmodSync(join(programs, 'share', 'words'), 0o644);
    chmodSync(join(programs, 'bin', 'postgres'), 0o755);
    expect(copy()).toBe(programs);
    expect(run(programs)).toBe('five words that are read');
  });

  it('uses a copy again, and makes another one of other files', () => {
    const first = copy();
    const madeAt = statSync(first).ino;
    expect(statSync(copy()).ino).toBe(madeAt);
    writeFileSync(join(programs, 'share', 'words'), 'more than five words that are read');
    const second = copy();
    expect(second).not.toBe(first);
    expect(run(second)).toBe('more than five words that are read');
  });

  it('repairs a copy of which files were tidied away', () => {
    const folder = copy();
    rmSync(join(folder, 'share', 'words'));
    expect(run(copy())).toBe('five words that are read');
  });

  it('runs nothing that another user could have changed', () => {
    const folder = copy();
    chmodSync(folder, 0o777);
    expect(statSync(copy()).mode & 0o022).toBe(0);
    chownSync(folder, 65_534, 65_534);
    expect(statSync(copy()).uid).toBe(0);
  });
});
