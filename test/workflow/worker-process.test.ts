import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { startTcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { openDatabase } from '../../database/database.ts';
import { listProcesses } from '../../database/processes/processes.ts';
import { processHealth } from '../../domain/health.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { makeNamespace } from '../support/test-temporal.ts';
import { spawnWorker } from '../support/worker-process.ts';

describe('the process of a worker', () => {
  it('waits for a Temporal server that is not there yet, and ends quietly when it is asked to', async () => {
    const worker = await spawnWorker({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      // The port of the discard protocol: nothing listens there.
      TEMPORAL_ADDRESS: '127.0.0.1:9',
    });
    await worker.untilLine(/temporal\.does-not-answer/);
    expect(await worker.stop({ signal: 'SIGTERM' })).toEqual({ code: 0, signal: null });
    // Neither an error nor a stack: a warning says what it waits for.
    expect(worker.lastLines().join('\n')).not.toMatch(/"level":[56]0|^(?!\{)/m);
  });

  it('begins again when Temporal comes and goes while it starts, and is ready only while Temporal answers', async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(inject('temporalAddress').split(':')[1]) });
    const [database, [healthPort = 0]] = await Promise.all([createTestDatabase(), freePorts(1)]);
    let losses = 0;
    const worker = await spawnWorker(
      {
        DATABASE_URL: database.url,
        ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`,
        WORKER_HEALTH_PORT: String(healthPort),
      },
      (line) => {
        // The SDK has yet to make its worker, which asks the server once more.
        if (line.includes('temporal.answers') && losses++ === 0) void proxy.cut();
      },
    );
    const readiness = async () => {
      const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    const waiting = { status: 503, ready: false, reason: 'temporal-down' };
    const untilReady = (expected: object) =>
      eventually(async () => expect(await readiness()).toMatchObject(expected), { timeoutMs: 15_000 });
    try {
      await worker.untilLine(/worker\.lost-temporal/);
      expect(await readiness()).toMatchObject(waiting);
      await proxy.restore();
      await worker.untilLine(/worker\.started/);
      await untilReady({ status: 200, ready: true });
      await proxy.cut();
      await untilReady(waiting);
      await proxy.restore();
      await untilReady({ status: 200, ready: true });
      expect(await worker.stop({ signal: 'SIGTERM' })).toEqual({ code: 0, signal: null });
    } finally {
      await worker.stop({ signal: 'SIGKILL' });
      await proxy.close();
      await database.drop();
    }
  }, 60_000);

  it('says in one line that the port of its health is taken', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const worker = await spawnWorker({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      WORKER_HEALTH_PORT: String(port),
    });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    const said = worker.lastLines().filter((line) => !line.startsWith('{'));
    expect(said).toEqual([`Port ${port} is taken. End the other program, or set WORKER_HEALTH_PORT to another port.`]);
    other.close();
  });

  it('waits for its namespace to be made', async () => {
    const address = inject('temporalAddress');
    const namespace = `later-${randomBytes(4).toString('hex')}`;
    const worker = await spawnWorker({
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

  it('that stands still is no longer taken for one that works', async () => {
    const database = await createTestDatabase();
    const address = inject('temporalAddress');
    const namespace = `still-${randomBytes(4).toString('hex')}`;
    await makeNamespace({ address, namespace });
    const worker = await spawnWorker({
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    const db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
    const workers = async () => processHealth('workers', await listProcesses(db));
    try {
      await worker.untilLine(/worker\.started/);
      expect(await workers()).toMatchObject({ state: 'up' });
      worker.kill('SIGSTOP');
      await eventually(async () => expect(await workers()).toMatchObject({ reason: 'worker-all-silent' }), {
        timeoutMs: 45_000,
        intervalMs: 500,
      });
      worker.kill('SIGCONT');
      await eventually(async () => expect(await workers()).toMatchObject({ state: 'up' }), { timeoutMs: 15_000 });
    } finally {
      worker.kill('SIGCONT');
      await worker.stop({ signal: 'SIGTERM' });
      expect(await listProcesses(db)).toEqual([]);
      await db.destroy();
      await database.drop();
    }
  }, 90_000);

  it("writes one JSON line for each event, also for those of Temporal's core", async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(inject('temporalAddress').split(':')[1]) });
    const lines: string[] = [];
    const worker = await spawnWorker(
      {
        DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing',
        ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}`,
      },
      (line) => lines.push(line),
    );
    await worker.untilLine(/worker\.started/);
    // The core asks again for some seconds before it complains.
    await proxy.close();
    await worker.untilLine(/"sdkComponent":"core"/);
    await worker.stop({ signal: 'SIGKILL' });
    for (const line of lines)
      expect(JSON.parse(line), line).toMatchObject({ level: expect.any(Number), process: 'worker' });
  }, 90_000);

  it('says what is wrong with its configuration, all at once, and does not start', async () => {
    const worker = await spawnWorker({ TEMPORAL_ADDRESS: 'no port' });
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    const lines = worker.lastLines().join('\n');
    for (const name of ['DATABASE_URL', 'ENCRYPTION_KEYS', 'TEMPORAL_ADDRESS']) expect(lines).toContain(name);
  });
});
