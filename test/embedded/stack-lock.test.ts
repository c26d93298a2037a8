import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { identifyProcess } from '../../scripts/embedded/process-identity.ts';
import { findStackHolder, takeStackLock } from '../../scripts/embedded/stack-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-lock-'));
const file = join(folder, 'lock.json');
afterAll(() => rmSync(folder, { recursive: true }));

describe('the lock of a stack', () => {
  it('lets one process in, and the next when that gave it up', () => {
    const giveUp = takeStackLock(file, 'http://localhost:3000');
    expect(findStackHolder(file)).toMatchObject({ pid: process.pid });
    expect(() => takeStackLock(file, 'http://localhost:3001')).toThrow(
      `Mailroom runs here already: http://localhost:3000. To stop it, press Ctrl-C where it runs, or: kill ${process.pid}`,
    );
    giveUp();
    expect(existsSync(file)).toBe(false);
    takeStackLock(file, 'http://localhost:3001')();
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ ...identifyProcess(process.pid), pid: 2 ** 22, url: 'x' })],
    ['whose number another process has now', JSON.stringify({ pid: process.pid, startedAt: 'earlier', url: 'x' })],
    ['that is damaged', '{'],
  ])('does not mind a lock %s', (_, content) => {
    writeFileSync(file, content);
    expect(findStackHolder(file)).toBeUndefined();
    takeStackLock(file, 'http://localhost:3000')();
  });
});
