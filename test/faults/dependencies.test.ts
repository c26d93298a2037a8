import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let postgres: TcpProxy;
let temporal: TcpProxy;
let simulator: ReturnType<typeof createSimulatorControl>;
let accountId: string;

const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };

beforeAll(async () => {
  const server = new URL(inject('postgresUrl'));
  const [host, port] = inject('temporalAddress').split(':') as [string, string];
  postgres = await startTcpProxy({ host: server.hostname, port: Number(server.port) });
  temporal = await startTcpProxy({ host, port: Number(port) });
  stack = await startTestStack({}, { postgresPort: postgres.port, temporalPort: temporal.port });
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
  accountId = await connectAccount(stack, 'steady@contoso.example');
});
afterEach(async () => {
  await postgres.restore().catch(() => {});
  await temporal.restore().catch(() => {});
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([postgres.close(), temporal.close()]);
});

const readiness = async () => {
  const response = await fetch(`${stack.mailroom.url}/readyz`);
  return { status: response.status, text: await response.text() };
};
const subjects = async () =>
  (await stack.db.selectFrom('messages').select('subject').execute()).map((row) => row.subject);

describe('while PostgreSQL is away', () => {
  it('says so in words, keeps living, and loses nothing', async () => {
    await postgres.cut();
    await simulator.deliver('steady@contoso.example', { subject: 'without a database' });
    await expect(stack.mailroom.get('/queues')).rejects.toMatchObject({
      status: 503,
      problem: { detail: expect.stringMatching(/database/i) },
    });
    const { status, text } = await readiness();
    expect(status).toBe(503);
    expect(text).toMatch(/database/i);
    expect((await fetch(`${stack.mailroom.url}/healthz`)).status).toBe(200);

    await postgres.restore();
    await eventually(async () => expect((await readiness()).status).toBe(200), PATIENCE);
    await eventually(async () => expect(await subjects()).toContain('without a database'), PATIENCE);
  });
});

describe('while Temporal is away', () => {
  it('refuses what needs it in words and half writes nothing, has mail and answers the rest, and goes on by itself', async () => {
    await temporal.cut();
    await expect(stack.mailroom.post('/email/accounts', { address: 'unlucky@contoso.example' })).rejects.toMatchObject({
      status: 503,
    });
    const { total } = await stack.mailroom.get<{ total: number }>('/email/accounts?search=unlucky');
    expect(total).toBe(0);
    await expect(stack.mailroom.patch(`/email/accounts/${accountId}`, { enabled: false })).rejects.toMatchObject({
      status: 503,
    });
    expect(await stack.mailroom.get(`/email/accounts/${accountId}`)).toMatchObject({ enabled: true });
    expect(await readiness()).toEqual({ status: 200, text: expect.stringMatching(/waiting for the temporal server/i) });
    await simulator.deliver('steady@contoso.example', { subject: 'without workflows' });
    await eventually(async () => expect(await subjects()).toContain('without workflows'), PATIENCE);

    await temporal.restore();
    await eventually(async () => expect((await readiness()).text).toMatch(/everything is there/i), PATIENCE);
    await eventually(() => connectAccount(stack, 'lucky@contoso.example'), PATIENCE);
  });
});

describe('starting while nothing else is there', () => {
  it('comes up as soon as PostgreSQL and Temporal do', async () => {
    await stack.killEverything();
    await Promise.all([postgres.cut(), temporal.cut()]);
    const started = stack.startEverything();
    await simulatorAnswers();
    await simulator.deliver('steady@contoso.example', { subject: 'before the start' });
    await eventually(async () => {
      const { status, text } = await readiness();
      expect(status).toBe(503);
      expect(text).toMatch(/database/i);
    }, PATIENCE);
    await Promise.all([postgres.restore(), temporal.restore()]);
    await started;
    await eventually(async () => expect(await subjects()).toContain('before the start'), PATIENCE);
  });
});

const simulatorAnswers = () => eventually(() => simulator.stats(), PATIENCE);
