import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { graphPermissions } from '../../graph/entra/scopes.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const MAILBOXES = 4;
const MAILS_EACH = 3;
const PATIENCE = { timeoutMs: 150_000, intervalMs: 500 };

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;
beforeAll(async () => {
  stack = await startTestStack();
  simulator = createSimulatorControl(stack.simulatorUrl);
  const kinds = ['own', 'shared'] as const;
  const delegated = [
    'openid',
    'profile',
    'offline_access',
    ...kinds.flatMap((kind) => graphPermissions(kind, 'sending')),
  ];
  await simulator.call('POST', `/apps/${MAILROOM_CLIENT_ID}/consents`, { delegated });
  await enterSettings(stack);
  await stack.mailroom.put('/email/settings/sending', { enabled: true });
});
afterAll(() => stack.stop());

/** Connects a mailbox that may send. */
async function connectSender(address: string): Promise<string> {
  const id = await connectAccount(stack, address);
  await stack.mailroom.put(`/email/accounts/${id}/sending`, { enabled: true });
  const { signInUrl } = await stack.mailroom.post<{ signInUrl: string }>(`/email/accounts/${id}/sign-in`, {});
  await signIn(stack, signInUrl);
  expect(await stack.mailroom.get(`/email/accounts/${id}/sending`)).toMatchObject({ isPossible: true });
  return id;
}

/** Sends a reply to every item, as pages do. */
async function answerAll(): Promise<void> {
  for (const { id: itemId } of await stack.db.selectFrom('items').select('id').execute()) {
    const draft = await stack.mailroom.post<{ id: string }>(`/items/${itemId}/drafts`, { kind: 'reply' });
    const response = await fetch(`${stack.apiUrls[0]}/api/v1/drafts/${draft.id}/send`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.apiKey}`,
        'content-type': 'application/json',
        'if-match': '"1"',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ completeItem: true, delaySeconds: 1, confirmed: ['many-answers'] }),
    });
    expect(response.status).toBe(202);
  }
}

const states = async () => (await stack.db.selectFrom('answers').select('state').execute()).map(({ state }) => state);
const sentSubjects = async () =>
  (await simulator.call<{ mails: { subject: string }[] }>('GET', '/outbox?top=500')).mails.map(
    ({ subject }) => subject,
  );

it('sends every answer once, although its workers are killed at any step of it', { timeout: 300_000 }, async () => {
  const expected: string[] = [];
  for (let mailbox = 1; mailbox <= MAILBOXES; mailbox += 1) {
    const address = `sender${mailbox}@contoso.example`;
    await connectSender(address);
    for (let mail = 1; mail <= MAILS_EACH; mail += 1) {
      await simulator.deliver(address, { subject: `Mail ${mailbox}.${mail}` });
      expected.push(`Re: Mail ${mailbox}.${mail}`);
    }
  }
  await eventually(
    async () => expect(await stack.db.selectFrom('items').select('id').execute()).toHaveLength(expected.length),
    PATIENCE,
  );
  await answerAll();
  // Every step takes its time before it is carried out, so that kills come in the middle of each.
  for (const endpoint of ['createReply', 'PATCH', '/send']) {
    await simulator.addFault({ kind: 'slow', delayMs: 300, endpoint });
  }
  await simulator.addFault({ kind: 'lost-answer', endpoint: '/send', count: 2 });
  await simulator.addFault({ kind: 'lost-answer', endpoint: 'createReply', count: 2 });
  for (const pauseMs of [1_600, 2_500, 3_500]) {
    await sleep(pauseMs);
    await stack.stopWorkers('SIGKILL');
    await stack.startWorker();
  }
  await simulator.clearFaults();
  await eventually(async () => expect(new Set(await states())).toEqual(new Set(['sent'])), PATIENCE);
  expect((await sentSubjects()).toSorted()).toEqual(expected.toSorted());
});
