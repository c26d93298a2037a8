import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { followSignInLink } from '../../scripts/demo/follow-sign-in-link.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import type { Plan } from '../plan/plan.ts';
import type { ChaosStack } from '../stack/start-chaos-stack.ts';
import { type Called, type CallMailroom, createMailroomCaller } from './mailroom-call.ts';

/** The accounts, queues and agents behind a plan's numbers. */
export interface Organisation {
  readonly administrator: CallMailroom;
  /** Agents by name, each with its actor in the API. */
  readonly agents: ReadonlyMap<string, { readonly call: CallMailroom; readonly actor: string }>;
  readonly accountIds: readonly string[];
  /** The current address of each mailbox. */
  readonly addresses: string[];
  /** Serializes everything that depends on a mailbox's address, for each mailbox. */
  inTurn<Result>(account: number, work: () => Promise<Result>): Promise<Result>;
  readonly queueIds: readonly string[];
}

/** Tokens live for a minute, so that harms also hit their renewal. */
const TOKEN_LIFE_SECONDS = 60;
const CONNECTED_WITHIN_MS = 120_000;

/** Enters the global properties, adds queues, keys and accounts, and signs in to each. No harm is active yet. */
export async function foundOrganisation(stack: ChaosStack, plan: Plan): Promise<Organisation> {
  const administrator = await aKey(stack, 'administrator', 'Admin');
  const agents = new Map<string, { call: CallMailroom; actor: string }>();
  for (const name of plan.agents) agents.set(name, await aKey(stack, name, 'Agent'));
  const call = administrator.call;
  const { simulator } = stack;

  await simulator.call('PUT', '/sign-in', { mode: 'auto' });
  await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: TOKEN_LIFE_SECONDS });
  await must(
    call('PUT', '/email/settings', {
      tenantId: DEFAULT_TENANT_ID,
      clientId: MAILROOM_CLIENT_ID,
      clientSecret: MAILROOM_CLIENT_SECRET,
    }),
  );
  const queueIds: string[] = [];
  for (const name of plan.queues) queueIds.push((await must<{ id: string }>(call('POST', '/queues', { name }))).id);

  const accountIds: string[] = [];
  for (const { address, kind, signInAs } of plan.accounts) {
    if (signInAs) await simulator.call('PUT', `/mailboxes/${address}/delegates/${signInAs}`);
    // Polled accounts never get notifications.
    if (kind === 'poll') await simulator.call('POST', '/faults', { kind: 'validation-timeout', mailbox: address });
    const account = { address, ...(signInAs ? { signInAs } : {}), defaultQueueId: queueIds[plan.routing.defaultQueue] };
    const { id, signInUrl } = await must<{ id: string; signInUrl: string }>(call('POST', '/email/accounts', account));
    if (!(await followSignIn(signInUrl))) throw new Error(`The sign-in to ${address} failed`);
    await must(call('PUT', `/email/accounts/${id}/routing`, { version: 1, ...routingBody(plan.routing, queueIds) }));
    accountIds.push(id);
  }
  await untilRead(call, accountIds);
  const addresses = plan.accounts.map(({ address }) => address);
  const turns = addresses.map(() => pLimit(1));
  const inTurn: Organisation['inTurn'] = (account, work) => (turns[account] as LimitFunction)(work);
  return { administrator: call, agents, accountIds, addresses, inTurn, queueIds };
}

/**
 * Plays the browser at the sign-in page, where the provider answers without a person. True when Mailroom reports
 * success.
 */
export async function followSignIn(url: string): Promise<boolean> {
  try {
    const page = await followSignInLink(url, AbortSignal.timeout(40_000));
    await page.arrayBuffer();
    return page.ok;
  } catch {
    return false;
  }
}

/**
 * Signs in to an account as a person who knows the mailbox's current name. `signedIn` is undefined when Mailroom gave
 * no sign-in address; `started` is then its answer.
 */
export async function signInTo(
  { accountIds, addresses, inTurn }: Organisation,
  call: CallMailroom,
  account: number,
): Promise<{ readonly started: Called; readonly signedIn: boolean | undefined }> {
  return await inTurn(account, async () => {
    const started = await call('POST', `/email/accounts/${accountIds[account]}/sign-in`, {
      address: addresses[account],
    });
    if (started.outcome !== 'done') return { started, signedIn: undefined };
    return { started, signedIn: await followSignIn((started.body as { signInUrl: string }).signInUrl) };
  });
}

/** A routing as the API takes it, without its version. */
export function routingBody({ defaultQueue, rules }: Plan['routing'], queueIds: readonly string[]) {
  return {
    defaultQueueId: queueIds[defaultQueue],
    rules: rules.map(({ queue, keywords }) => ({ queueId: queueIds[queue], keywords })),
  };
}

async function aKey({ db, apiUrls }: ChaosStack, name: string, profile: SecurityProfile) {
  const key = createApiKey();
  const keyHash = createHash('sha256').update(key).digest();
  await addApiKey(db, 'cli', { name, profile, keyHash, hint: key.slice(-4) });
  const { id } = await db.selectFrom('apiKeys').select('id').where('name', '=', name).executeTakeFirstOrThrow();
  return { call: createMailroomCaller(apiUrls, key), actor: `key:${id}` };
}

async function must<Answer>(called: Promise<Called>): Promise<Answer> {
  const { outcome, status, body } = await called;
  if (outcome !== 'done')
    throw new Error(`Mailroom refused while nothing was wrong: ${status} ${JSON.stringify(body)}`);
  return body as Answer;
}

async function untilRead(call: CallMailroom, ids: readonly string[]): Promise<void> {
  const deadline = Date.now() + CONNECTED_WITHIN_MS;
  for (const id of ids) {
    for (;;) {
      const { currentAt } = await must<{ currentAt: string | null }>(call('GET', `/email/accounts/${id}`));
      if (currentAt !== null) break;
      if (Date.now() > deadline) throw new Error(`Account ${id} was not read although nothing was wrong`);
      await sleep(100);
    }
  }
}
