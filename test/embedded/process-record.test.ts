import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readJsonFile, writeJsonFile } from '../../scripts/embedded/json-file.ts';
import { identifyProcess, isRunning } from '../../scripts/embedded/process-identity.ts';
import { createProcessRecord, endRecordedProcesses } from '../../scripts/embedded/process-record.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { eventually } from '../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-record-'));
const file = join(folder, 'processes.json');
afterAll(() => rmSync(folder, { recursive: true }));

const startSleeper = () => startServerProcess({ name: 'sleeper', command: 'sleep', args: ['60'] });

describe('the record of processes', () => {
  it('holds who runs, and forgets who ended', async () => {
    const record = createProcessRecord(file);
    const sleeper = await startSleeper();
    record.add(sleeper);
    expect(readJsonFile(file)).toMatchObject([{ name: 'sleeper', pid: sleeper.pid, stopSignal: 'SIGTERM' }]);
    await sleeper.stop();
    await eventually(() => expect(readJsonFile(file)).toEqual([]));
    expect(record.running()).toEqual([]);
  });

  it('ends what an earlier start left behind', async () => {
    const sleeper = await startSleeper();
    createProcessRecord(file).add(sleeper, 'SIGINT');
    expect(await endRecordedProcesses(file)).toEqual(['sleeper']);
    expect(await sleeper.exited).toMatchObject({ signal: 'SIGINT' });
  });

  it('insists with a process that does not listen', async () => {
    const stubborn = await startServerProcess({
      name: 'stubborn',
      command: process.execPath,
      args: ['-e', "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)"],
    });
    await stubborn.untilLine(/deaf/);
    createProcessRecord(file).add(stubborn);
    const ended = endRecordedProcesses(file, { graceMs: 300 });
    expect(await stubborn.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await ended).toEqual(['stubborn']);
  });

  it('never touches a process that only has the number of a recorded one', async () => {
    const stranger = await startSleeper();
    const identity = identifyProcess(stranger.pid);
    writeJsonFile(file, [
      { name: 'ours', pid: stranger.pid, startedAt: `${identity?.startedAt}0`, stopSignal: 'SIGTERM' },
    ]);
    expect(await endRecordedProcesses(file)).toEqual([]);
    expect(identity && isRunning(identity)).toBe(true);
    await stranger.stop();
  });

  it('is no obstacle when it is missing or damaged', async () => {
    rmSync(file, { force: true });
    expect(await endRecordedProcesses(file)).toEqual([]);
  });
});
