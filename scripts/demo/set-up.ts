import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import type { MailroomClient } from '../mailroom-client.ts';
import { followSignInLink } from './follow-sign-in-link.ts';
import type { PlannedAccount } from './plan.ts';

/** Saves the simulated organisation as the global properties. */
export async function enterSettings(mailroom: MailroomClient): Promise<void> {
  await mailroom.put('/email/settings', {
    tenantId: DEFAULT_TENANT_ID,
    clientId: MAILROOM_CLIENT_ID,
    clientSecret: MAILROOM_CLIENT_SECRET,
  });
}

/** Creates the missing queues; returns the ids of all queues by name. */
export async function ensureQueues(
  mailroom: MailroomClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { queues } = await mailroom.get<{ queues: { id: string; name: string }[] }>('/queues');
  const ids = new Map(queues.map(({ id, name }) => [name, id]));
  for (const name of names) {
    if (ids.has(name)) continue;
    const { id } = await mailroom.post<{ id: string }>('/queues', { name });
    ids.set(name, id);
  }
  return ids;
}

interface Account {
  readonly id: string;
  readonly state: string;
}

/**
 * Connects a simulated mailbox as an administrator and its owner would: adds it, signs in at the provider (which
 * answers without a person), follows the browser back. An existing account only signs in again if it has to.
 */
export async function connectAccount(
  mailroom: MailroomClient,
  simulatorUrl: string,
  address: string,
): Promise<{ id: string }> {
  const { accounts } = await mailroom.get<{ accounts: Account[] }>(
    `/email/accounts?search=${encodeURIComponent(address)}`,
  );
  const [existing] = accounts;
  if (existing?.state === 'authenticated') return existing;
  const { id, signInUrl } = existing
    ? { id: existing.id, ...(await mailroom.post<{ signInUrl: string }>(`/email/accounts/${existing.id}/sign-in`)) }
    : await mailroom.post<{ id: string; signInUrl: string }>('/email/accounts', { address });
  await signInByItself(simulatorUrl, signInUrl);
  return { id };
}

/** Opens the sign-in page while the simulator answers for the person; throws what the last page says. */
export async function signInByItself(simulatorUrl: string, signInUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/control/sign-in`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'auto' }),
  });
  try {
    const page = await followSignInLink(signInUrl);
    if (!page.ok) throw new Error(`The sign-in ended with ${page.status}: ${pageText(await page.text())}`);
  } finally {
    await fetch(`${simulatorUrl}/control/sign-in`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'interactive' }),
    });
  }
}

/** Saves an account's routing from the plan. */
export async function saveRouting(
  mailroom: MailroomClient,
  accountId: string,
  { defaultQueue, rules }: PlannedAccount,
  queueIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { version } = await mailroom.get<{ version: number }>(`/email/accounts/${accountId}/routing`);
  await mailroom.put(`/email/accounts/${accountId}/routing`, {
    version,
    defaultQueueId: queueIds.get(defaultQueue),
    rules: rules.map(({ queue, keywords }) => ({ queueId: queueIds.get(queue), keywords })),
  });
}

function pageText(html: string): string {
  return html
    .replace(/<(style|script|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
