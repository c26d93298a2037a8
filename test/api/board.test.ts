import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvLine } from '../../api/board/csv.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let ids: readonly string[];
const person = `user:${randomUUID()}`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const target = { firstAnswerMinutes: 60, resolutionMinutes: 480, hours: null };

beforeAll(async () => {
  api = await startTestApi();
  ({ id: queueId } = (await api.call('POST', '/api/v1/queues', { body: { name: '=Billing' } })).json);
  const accountId = await anAccount(api.db, { defaultQueueId: queueId });
  const now = Date.now();
  const messages = [3, 2, 1.5, 0.5, 0].map((hours) => aMessage({ receivedAt: new Date(now - hours * HOUR_MS) }));
  await insertMessages(api.db, accountId, messages, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const { items } = (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json;
  ids = items.map(({ id }: { id: string }) => id);
  for (const id of ids.slice(0, 2)) await api.call('POST', `/api/v1/items/${id}/claim`, { key: api.apiKeys.Agent });
  await api.call('POST', `/api/v1/items/${ids[0]}/complete`, { key: api.apiKeys.Agent });
});
afterAll(() => api.stop());

const board = async (key = api.apiKeys.Supervisor, query = '') =>
  (await api.call('GET', `/api/v1/board${query}`, { key })).json;
const setTarget = (value: unknown) => api.call('PATCH', `/api/v1/queues/${queueId}`, { body: { target: value } });

async function answer(
  itemId: string,
  { author, state, sendAcceptedAt = null }: { author: string; state: 'sent' | 'draft'; sendAcceptedAt?: Date | null },
): Promise<void> {
  const { accountId } = await api.db
    .selectFrom('items')
    .select('accountId')
    .where('id', '=', itemId)
    .executeTakeFirstOrThrow();
  const recipients = JSON.stringify({ to: [], cc: [], bcc: [] });
  const content = { recipients, subject: '', format: 'text' as const, body: '', includesQuote: false };
  await api.db
    .insertInto('answers')
    .values({ itemId, accountId, kind: 'reply', author, state, sendAcceptedAt, ...content })
    .execute();
}

async function forgetAnswers(): Promise<void> {
  await api.db.deleteFrom('answers').execute();
  await api.db.updateTable('items').set({ answeredAt: null, answeredBy: null }).execute();
}

describe('the board', () => {
  it('shows what waits, who holds what, and what was handled today', async () => {
    const { queues, agents, days, held } = await board();
    expect(queues).toEqual([
      expect.objectContaining({ name: '=Billing', waiting: 3, claimed: 1, handled: 1, overdue: null }),
    ]);
    expect(queues[0].firstAnswerP50Seconds).toBeGreaterThanOrEqual(3 * 3_600);
    expect(queues[0].firstAnswerP50Seconds).toBeLessThan(3 * 3_600 + 60);
    expect(agents).toEqual([expect.objectContaining({ name: 'key of Agent', claimed: 1, handled: 1 })]);
    expect(days).toEqual([expect.objectContaining({ day: new Date().toISOString().slice(0, 10), handled: 1 })]);
    expect(held.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
  });

  it('counts as overdue what is open and past the target of its queue, as the items say themselves', async () => {
    expect((await setTarget(target)).json.target).toEqual(target);
    expect((await board()).queues[0].overdue).toBe(2);
    const { items } = (await api.call('GET', `/api/v1/queues/${queueId}/items?state=all`)).json;
    const open = items.filter(({ dueAt }: { dueAt: string | null }) => dueAt !== null);
    expect(open).toHaveLength(4);
    expect(open.filter(({ dueAt }: { dueAt: string }) => Date.parse(dueAt) < Date.now())).toHaveLength(2);
    // Nothing is ever open, so no minutes count.
    const closed = { timeZone: 'Europe/Berlin', week: Array.from({ length: 7 }, () => []), holidays: [] };
    await setTarget({ ...target, hours: closed });
    expect((await board()).queues[0].overdue).toBe(0);
    expect((await setTarget(null)).json.target).toBeNull();
  });

  it('takes the first answer for given once a person has answered, and only then', async () => {
    await setTarget(target);
    const answered = ids[1] ?? '';
    const dueOf = async () => Date.parse((await api.call('GET', `/api/v1/items/${answered}`)).json.dueAt) - Date.now();
    await answer(answered, { author: 'mailroom', state: 'sent' });
    await answer(answered, { author: person, state: 'draft' });
    expect([(await board()).queues[0].overdue, (await dueOf()) < 0]).toEqual([2, true]);
    await answer(answered, { author: person, state: 'sent' });
    expect((await board()).queues[0].overdue).toBe(1);
    expect(Math.round((await dueOf()) / HOUR_MS)).toBe(6);
    // Without a target for the completion, nothing is due any more.
    await setTarget({ ...target, resolutionMinutes: null });
    expect(await dueOf()).toBeNaN();
    expect((await board()).queues[0].overdue).toBe(1);
    await setTarget(null);
    await forgetAnswers();
  });

  it('counts what will be due within half an hour', async () => {
    await setTarget({ firstAnswerMinutes: 45, resolutionMinutes: 110, hours: null });
    const figures = async () => {
      const [{ overdue, dueSoon }] = (await board()).queues;
      return [overdue, dueSoon];
    };
    // Received two hours, an hour and a half, half an hour ago, and now.
    expect(await figures()).toEqual([2, 1]);
    await answer(ids[2] ?? '', { author: person, state: 'sent' });
    expect(await figures()).toEqual([1, 2]);
    await setTarget(null);
    expect(await figures()).toEqual([null, null]);
    await forgetAnswers();
  });

  it('counts the first answer of an item once it is sent, completed or not, and only the first', async () => {
    const open = ids[3] ?? '';
    const { receivedAt } = (await api.call('GET', `/api/v1/items/${open}`)).json;
    const sentAfter = (seconds: number) =>
      answer(open, {
        author: person,
        state: 'sent',
        sendAcceptedAt: new Date(Date.parse(receivedAt) + seconds * 1_000),
      });
    const waited = async () => {
      const { queues, days, agents } = await board();
      const ofPerson = agents.find(({ actor }: { actor: string }) => actor === person);
      expect([queues[0].handled, days[0].handled]).toEqual([1, 1]);
      expect(days[0].firstAnswerP50Seconds).toBe(queues[0].firstAnswerP50Seconds);
      return [ofPerson?.handled, ofPerson?.firstAnswerP50Seconds, Math.round(queues[0].firstAnswerP50Seconds / 1_000)];
    };
    // Of the one that was completed without an answer: three hours.
    expect(await waited()).toEqual([undefined, undefined, 11]);
    await sentAfter(1_790);
    await sentAfter(1_795);
    expect(await waited()).toEqual([0, 1_790, 6]);
    // An answer of which it is learned later that it was sent.
    await sentAfter(1_785);
    expect((await waited())[1]).toBe(1_785);
    await forgetAnswers();
  });

  it.each([
    [{ ...target, firstAnswerMinutes: 0 }, '/target/firstAnswerMinutes'],
    [
      { ...target, hours: { timeZone: 'Europe/Atlantis', week: Array(7).fill([]), holidays: [] } },
      '/target/hours/timeZone',
    ],
    [{ ...target, hours: { timeZone: 'UTC', week: [], holidays: [] } }, '/target/hours/week'],
    [
      { ...target, hours: { timeZone: 'UTC', week: Array(7).fill([]), holidays: ['25.12.'] } },
      '/target/hours/holidays/0',
    ],
  ])('refuses the target %j', async (value, path) => {
    const { status, json } = await setTarget(value);
    expect([status, json.errors[0].path]).toEqual([422, path]);
  });

  it('has days of the time zone that is asked for, and refuses one that does not exist', async () => {
    const completedAt = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - HOUR_MS / 2);
    const dayInTokyo = new Date(completedAt.getTime() + 9 * HOUR_MS).toISOString().slice(0, 10);
    const receivedAt = new Date(completedAt.getTime() - 3.5 * HOUR_MS);
    await api.db
      .updateTable('items')
      .set({ receivedAt, completedAt })
      .where('id', '=', ids[0] ?? '')
      .execute();
    const key = api.apiKeys.Supervisor;
    const linesOf = async (days: number) =>
      (await api.call('GET', `/api/v1/board.csv?timeZone=Asia/Tokyo&days=${days}`, { key })).text.split('\r\n');
    expect((await linesOf(31))[0]).toMatch(/^\ufeffday,queue,/);
    expect((await linesOf(31))[1]).toBe(`${dayInTokyo},'=Billing,1,12600,12600`);
    // Weeks are counted one by one: each day is in one of them.
    const twoWeeksBefore = (date: Date) => new Date(date.getTime() - 14 * DAY_MS);
    await api.db
      .updateTable('items')
      .set({ receivedAt: twoWeeksBefore(receivedAt), completedAt: twoWeeksBefore(completedAt) })
      .where('id', '=', ids[0] ?? '')
      .execute();
    const earlier = twoWeeksBefore(new Date(dayInTokyo)).toISOString().slice(0, 10);
    for (const days of [17, 22, 31, 366]) {
      expect((await linesOf(days)).slice(1)).toEqual([`${earlier},'=Billing,1,12600,12600`, '']);
    }
    expect((await linesOf(13)).slice(1)).toEqual(['']);
    expect((await api.call('GET', '/api/v1/board?timeZone=Nowhere', { key: api.apiKeys.Supervisor })).status).toBe(400);
  });

  it('is for supervisors', async () => {
    for (const path of ['/api/v1/board', '/api/v1/board.csv']) {
      expect((await api.call('GET', path, { key: api.apiKeys.Agent })).status).toBe(403);
    }
  });

  it('exports texts that no spreadsheet calculates', () => {
    expect(csvLine(['=1+1', '@x', '-2', '＝1', '\n=1', 'a,"b"\n', -2, 'plain'])).toBe(
      `'=1+1,'@x,'-2,'＝1,"'\n=1","a,""b""\n",-2,plain\r\n`,
    );
  });
});
