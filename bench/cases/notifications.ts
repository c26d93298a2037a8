import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { createClientState } from '../../encryption/client-state.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { NOTIFICATION_PATH } from '../../ingest/access/keep-subscription.ts';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { percentile } from '../measure/percentiles.ts';
import type { BenchAccount } from '../stack/add-accounts.ts';

const PER_SECOND = 500;
const SECONDS = 10;
/** One in five is forged. */
const FORGED_EVERY = 5;
/** Microsoft counts an answer as slow after ten seconds (docs/decisions/0009-doorbells.md wants it sooner). */
const GOAL_MS = 100;

/** How the API answers many notifications, one in each request: the most expensive form. */
export const notifications: BenchmarkCase = {
  name: 'notifications',
  question: 'How fast are notifications answered, also forged ones, at 500 a second?',
  steps: [{ stack: 'push', connected: 200, run }],
};

async function run({ stack, accounts }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  const url = `${stack.apiUrl}${NOTIFICATION_PATH}`;
  const foreignKeys = createKeyRing([{ id: 'bench', key: createSecretKey(randomBytes(32)) }]);
  const agent = new Agent({ connections: 50, pipelining: 1 });
  const times: number[] = [];
  const statuses = new Map<number, number>();

  const send = async (n: number) => {
    const { id } = accounts[n % accounts.length] as BenchAccount;
    const clientState = createClientState(n % FORGED_EVERY === 0 ? foreignKeys : stack.keys, id);
    const body = JSON.stringify({ value: [notification(clientState)] });
    const startedAt = performance.now();
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      dispatcher: agent,
    });
    await response.body.dump();
    times.push(performance.now() - startedAt);
    statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
  };

  const startedAt = performance.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < PER_SECOND * SECONDS * scale; n++) {
    const waitMs = startedAt + (n * 1_000) / PER_SECOND - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    sent.push(send(n));
  }
  await Promise.all(sent);
  const seconds = (performance.now() - startedAt) / 1_000;
  await agent.close();
  return [
    { what: 'answered', value: times.length / seconds, unit: '/s' },
    { what: 'not answered with 202', value: times.length - (statuses.get(202) ?? 0), unit: '' },
    { what: 'p50', value: percentile(times, 0.5), unit: 'ms' },
    { what: 'p99', value: percentile(times, 0.99), unit: 'ms', goal: { atMost: GOAL_MS } },
    { what: 'longest', value: Math.max(...times), unit: 'ms' },
  ];
}

function notification(clientState: string) {
  const messageId = randomBytes(80).toString('base64url');
  return {
    subscriptionId: randomUUID(),
    subscriptionExpirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
    changeType: 'created',
    resource: `Users/${randomUUID()}/Messages/${messageId}`,
    resourceData: { '@odata.type': '#Microsoft.Graph.Message', id: messageId },
    clientState,
    tenantId: randomUUID(),
  };
}
