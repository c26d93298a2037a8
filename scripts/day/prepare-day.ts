import { DEFAULT_TENANT_ID, MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { deliver, readRealMail } from '../demo/real-mail.ts';
import { waitForItems } from '../demo/results.ts';
import { connectAccount, ensureQueues, enterSettings, signInByItself } from '../demo/set-up.ts';
import type { MailroomClient } from '../mailroom-client.ts';
import { AGENT, cannedAnswers, dayMails, desks, otherQueues } from './plan.ts';

/** Until all mail is in the queues. */
const POLITE_LOOK_MS = 60_000;

export interface PreparedDay {
  readonly queueIds: ReadonlyMap<string, string>;
  readonly accountIds: readonly string[];
  /** Items of the day's mail, oldest first. */
  readonly items: readonly { readonly id: string; readonly subject: string; readonly queue: { readonly id: string } }[];
}

/**
 * Queues, mailboxes that may be answered from, canned answers, an agent, and the day's mail. `spread`: over the
 * mailboxes by turns, and only once in a stack; without it, all mail is in the first one.
 */
export async function prepareDay(
  mailroom: MailroomClient,
  simulatorUrl: string,
  { spread }: { readonly spread: boolean },
): Promise<PreparedDay> {
  await enterSettings(mailroom);
  await mailroom.put('/email/settings/sending', { enabled: true });
  await letUsersConsent(simulatorUrl);
  const queueIds = await ensureQueues(mailroom, [...desks.map(({ queue }) => queue), ...otherQueues]);
  for (const id of queueIds.values()) {
    // No offers: the pictures before these may have ended with them.
    const settings = { outcomes: ['answered', 'refunded', 'no action'], tags: ['vip', 'urgent'], offers: null };
    await mailroom.patch(`/queues/${id}`, settings);
  }
  const accountIds: string[] = [];
  for (const { address, queue } of desks) {
    const { id } = await connectAccount(mailroom, simulatorUrl, address);
    await mailroom.put(`/email/accounts/${id}/sending`, { enabled: true });
    const again = await mailroom.post<{ signInUrl: string }>(`/email/accounts/${id}/sign-in`, {});
    await signInByItself(simulatorUrl, again.signInUrl);
    const { version } = await mailroom.get<{ version: number }>(`/email/accounts/${id}/routing`);
    const rules = [{ queueId: queueIds.get('Returns'), keywords: ['refund', 'Rücksendung', 'money back'] }];
    await mailroom.put(`/email/accounts/${id}/routing`, { version, defaultQueueId: queueIds.get(queue), rules });
    accountIds.push(id);
  }
  await addAgent(mailroom);
  const known = await mailroom.get<{ cannedAnswers: readonly { name: string }[] }>('/canned-answers');
  for (const canned of cannedAnswers) {
    if (!known.cannedAnswers.some(({ name }) => name === canned.name)) await mailroom.post('/canned-answers', canned);
  }
  const queues = [...queueIds.values()];
  const ofDay = new Set(accountIds);
  const before = await waitForItems(mailroom, queues, ofDay, 0, () => {});
  // For pictures once is enough, so that they can be taken again.
  if (spread && before.length >= dayMails.length) return { queueIds, accountIds, items: before };
  const all = new Map(readRealMail().map((mail) => [mail.name, mail]));
  const boxes = spread ? desks : desks.slice(0, 1);
  for (const [index, name] of dayMails.entries()) {
    const mail = all.get(`${name}.eml`);
    if (!mail) throw new Error(`There is no mail ${name}.`);
    await deliver(simulatorUrl, boxes[index % boxes.length]?.address ?? '', mail);
  }
  const deadline = Date.now() + POLITE_LOOK_MS;
  const items = await waitForItems(mailroom, queues, ofDay, before.length + dayMails.length, (captured) => {
    if (Date.now() > deadline) throw new Error(`Only ${captured - before.length} mails are in the queues.`);
  });
  return { queueIds, accountIds, items };
}

async function addAgent(mailroom: MailroomClient): Promise<void> {
  const { users } = await mailroom.get<{ users: readonly { email: string }[] }>('/users');
  if (!users.some(({ email }) => email === AGENT)) await mailroom.post('/users', { email: AGENT, profile: 'Agent' });
}

/** Users of the simulated organisation may consent to sending for themselves. */
async function letUsersConsent(simulatorUrl: string): Promise<void> {
  const response = await fetch(`${simulatorUrl}/control/tenants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenantId: DEFAULT_TENANT_ID, consentPolicy: 'users' }),
  });
  if (!response.ok) throw new Error(`The simulator refused: ${await response.text()}`);
  await fetch(`${simulatorUrl}/control/apps/${MAILROOM_CLIENT_ID}/consents`, { method: 'DELETE' });
}
