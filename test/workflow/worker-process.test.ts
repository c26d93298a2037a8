import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { makeNamespace } from '../support/test-temporal.ts';

const startWorker = (environment: Readonly<Record<string, string>>) =>
  startServerProcess({
    name: 'Worker',
    command: process.execPath,
    args: [join(projectFolder, 'worker', 'main.ts')],
    env: environment,
    isNode: true,
  });

describe('the process of a worker', () => {
  it('waits for a Temporal server that is not there yet, and ends quietly when it is asked to', async () => {
    const worker = await startWorker({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      // The port of the discard protocol: nothing listens there.
      TEMPORAL_ADDRESS: '127.0.0.1:9',
    });
    await worker.untilLine(/temporal\.does-not-answer/);
    expect(await worker.stop({ signal: 'SIGTERM' })).toEqual({ code: 0, signal: null });
    expect(worker.lastLines().join('\n')).not.toMatch(/Error/);
  });

  it('waits for its namespace to be made', async () => {
    const address = inject('temporalAddress');
    const namespace = `later-${randomBytes(4).toString('hex')}`;
    const worker = await startWorker({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    await worker.untilLine(/temporal\.has-no-such-namespace/);
    await makeNamespace({ address, namespace });
    await worker.untilLine(/worker\.started/);
    expect(await worker.stop({ signal: 'SIGTERM' })).toEqual({ code: 0, signal: null });
  });

  it('says what is wrong with its configuration, all at once, and does not start', async () => {
    const worker = await startWorker({ TEMPORAL_ADDRESS: 'no port' });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    const lines = worker.lastLines().join('\n');
    for (const name of ['DATABASE_URL', 'ENCRYPTION_KEYS', 'TEMPORAL_ADDRESS']) expect(lines).toContain(name);
  });
});
