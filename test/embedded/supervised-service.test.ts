import { describe, expect, it } from 'vitest';
import type { Progress } from '../../scripts/embedded/progress.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import type { StartProblem } from '../../scripts/embedded/start-problem.ts';
import { superviseService } from '../../scripts/embedded/supervised-service.ts';
import { eventually } from '../support/eventually.ts';

/** A service whose program runs until it is told to end, or as long as `program` says. */
function supervised(programs: readonly string[]) {
  const told: string[] = [];
  const progress: Progress = {
    step: (work) => work(),
    done: (line) => void told.push(line),
    tell: (line) => void told.push(line),
    warn: (line) => void told.push(line),
    fail: (reason) => void told.push(String(reason)),
  };
  const givenUp: StartProblem[] = [];
  let starts = 0;
  const service = superviseService({
    name: 'Service',
    advice: 'Look here.',
    progress,
    restartDelaysMs: [1, 1, 1],
    onGivenUp: (problem) => givenUp.push(problem),
    start: async () => {
      const program = programs[Math.min(starts, programs.length - 1)] ?? '';
      starts += 1;
      const process_ = await startServerProcess({ name: 'Service', command: 'sh', args: ['-c', program] });
      try {
        await process_.untilLine(/ready/);
      } catch (error) {
        await process_.exited;
        throw error;
      }
      return { process: process_, stop: (graceMs) => process_.stop({ graceMs }) };
    },
  });
  return { service, told, givenUp, starts: () => starts };
}

describe('a supervised service', () => {
  it('starts again when it died, and ends for good when it is told to', async () => {
    const { service, told, starts } = supervised(['echo ready; exec sleep 0.05', 'echo ready; exec sleep 60']);
    await service.start();
    await eventually(() => expect(told).toContain('Service runs again'));
    expect(told[0]).toBe('Service ended unexpectedly (code 0); starting it again in 0.0 s');
    await service.stop(1_000);
    expect(starts()).toBe(2);
    expect(told).toHaveLength(2);
  });

  it('is given up after it died quickly again and again, with what to look at', async () => {
    const { service, givenUp, starts } = supervised(['echo ready; exit 7']);
    await service.start();
    await eventually(() => expect(givenUp).toHaveLength(1));
    expect(givenUp[0]?.message).toBe('Service ended unexpectedly (code 7), again and again. Look here.');
    expect(starts()).toBe(4);
  });

  it('is given up when it does not come back', async () => {
    const { service, givenUp } = supervised(['echo ready; exit 1', 'echo Error: disk full: bad; exit 1']);
    await service.start();
    await eventually(() => expect(givenUp).toHaveLength(1));
    expect(givenUp[0]?.message).toContain('does not start (Error: disk full: bad), again and again.');
  });

  it('says at its first start why it does not start, and is not tried again', async () => {
    const { service, starts, givenUp } = supervised(['echo "FATAL:  broken"; exit 1']);
    await expect(service.start()).rejects.toThrow('Service does not start: broken\nLook here.');
    expect(starts()).toBe(1);
    expect(givenUp).toEqual([]);
  });
});
