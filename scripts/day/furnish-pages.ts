import type { Page } from 'playwright-core';
import type { MailroomClient } from '../mailroom-client.ts';
import { AGENT, desks } from './plan.ts';
import type { PreparedDay } from './prepare-day.ts';

/** What the pages are opened with. */
export interface FurnishedPages {
  /** Of the queue that a team sees. */
  readonly queueId: string;
  readonly agentId: string;
  /** An item whose mail has another mail attached. */
  readonly attachedItemId: string;
}

const SUPERVISOR = 'maximiliane.hohenstein-bergengruen@contoso.example';
const TEAM = 'Forderungsmanagement';

/** Adds what the pages of administrators list: people, teams, keys, holds and erasures. Once for each stack. */
export async function furnishPages(mailroom: MailroomClient, page: Page, day: PreparedDay): Promise<FurnishedPages> {
  const queueId = day.queueIds.get(desks[1].queue) ?? '';
  const { users } = await mailroom.get<{ users: readonly { id: string; email: string }[] }>('/users');
  if (!users.some(({ email }) => email === SUPERVISOR)) {
    const profile = 'Supervisor';
    await mailroom.post('/users', { email: SUPERVISOR, displayName: 'Maximiliane Hohenstein-Bergengruen', profile });
  }
  const agentId = users.find(({ email }) => email === AGENT)?.id ?? '';
  const { teams } = await mailroom.get<{ teams: readonly { name: string }[] }>('/teams');
  if (!teams.some(({ name }) => name === TEAM)) {
    await mailroom.post('/teams', { name: TEAM, userIds: [agentId], queueIds: [queueId] });
  }
  await makeKeys(mailroom, page, queueId);
  await placeHolds(mailroom, day);
  return { queueId, agentId, attachedItemId: await findAttachedMail(mailroom, day) };
}

async function makeKeys(mailroom: MailroomClient, page: Page, queueId: string): Promise<void> {
  const { keys } = await mailroom.get<{ keys: readonly { name: string }[] }>('/api-keys');
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const wanted = [
    { name: 'Reporting of the data warehouse', profile: 'Agent', permissions: ['queues.read'], expiresAt: inDays(20) },
    { name: 'CRM', profile: 'Supervisor', queueIds: [queueId], networks: ['192.0.2.0/24'], expiresAt: inDays(300) },
  ];
  for (const key of wanted.filter(({ name }) => !keys.some((known) => known.name === name))) {
    await askAsPerson(page, 'POST', '/api-keys', key);
  }
}

async function placeHolds(mailroom: MailroomClient, { accountIds }: PreparedDay): Promise<void> {
  const { holds } = await mailroom.get<{ holds: readonly unknown[] }>('/holds');
  if (holds.length > 0) return;
  await mailroom.post('/holds', { scope: 'account', accountId: accountIds[1], reason: 'Case 2026-118' });
  await mailroom.post('/holds', { scope: 'sender', address: 'mia@fabrikam.example', reason: 'Rechtsstreit Fabrikam' });
  await mailroom.post('/erasures', { scope: 'sender', address: 'leo@fabrikam.example', reason: 'Request of 3 May' });
}

/** Gives the board something to show: a target that is missed, and items that are completed or parked. */
export async function workSome(mailroom: MailroomClient, page: Page, { queueIds }: PreparedDay): Promise<void> {
  const target = { firstAnswerMinutes: 5, resolutionMinutes: 480, hours: null };
  await mailroom.patch(`/queues/${queueIds.get(desks[0].queue)}`, { target });
  const { items } = await mailroom.get<{ items: readonly { id: string; newestMail: string }[] }>(
    `/queues/${queueIds.get(desks[2].queue)}/items?state=waiting`,
  );
  const [parked, ...others] = items;
  for (const { id } of others.slice(0, 3)) {
    await askAsPerson(page, 'POST', `/items/${id}/claim`, {});
    await askAsPerson(page, 'POST', `/items/${id}/complete`, { outcome: 'answered' });
  }
  if (!parked) return;
  await askAsPerson(page, 'POST', `/items/${parked.id}/claim`, {});
  const toCustomer = { reason: 'customer', seenThrough: parked.newestMail };
  await askAsPerson(page, 'POST', `/items/${parked.id}/park`, toCustomer);
}

async function findAttachedMail(mailroom: MailroomClient, { items }: PreparedDay): Promise<string> {
  for (const { id } of items) {
    const { message } = await mailroom.get<{ message: { attachments: readonly { preview: string | null }[] } | null }>(
      `/items/${id}`,
    );
    if (message?.attachments.some(({ preview }) => preview === 'message')) return id;
  }
  throw new Error('None of the mails has another one attached.');
}

/** Asks the API as the person who is signed in: some acts are not for programs. */
export async function askAsPerson(page: Page, method: string, path: string, body: unknown): Promise<void> {
  const status = await page.evaluate(
    async ([verb, address, json]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/api/v1${address}`, { method: verb, headers, body: json })).status;
    },
    [method, path, JSON.stringify(body)] as const,
  );
  if (status >= 400) throw new Error(`${method} ${path}: ${status}`);
}
