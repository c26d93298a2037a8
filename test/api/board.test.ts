import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from '../../api/board/csv.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let ids: readonly string[];
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

async function answer(itemId: string, { author, state }: { author: string; state: 'sent' | 'draft' }): Promise<void> {
  const { accountId } = await api.db
    .selectFrom('items')
    .select('accountId')
    .where('id', '=', itemId)
    .executeTakeFirstOrThrow();
  const recipients = JSON.stringify({ to: [], cc: [], bcc: [] });
  const content = { recipients, subject: '', format: 'text' as const, body: '', includesQuote: false };
  await api.db
    .insertInto('answers')
    .values({ itemId, accountId, kind: 'reply', author, state, ...content })
    .execute();
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
    await answer(answered, { author: 'user:1', state: 'draft' });
    expect([(await board()).queues[0].overdue, (await dueOf()) < 0]).toEqual([2, true]);
    await answer(answered, { author: 'user:1', state: 'sent' });
    expect((await board()).queues[0].overdue).toBe(1);
    expect(Math.round((await dueOf()) / HOUR_MS)).toBe(6);
    // Without a target for the completion, nothing is due any more.
    await setTarget({ ...target, resolutionMinutes: null });
    expect(await dueOf()).toBeNaN();
    expect((await board()).queues[0].overdue).toBe(1);
    await setTarget(null);
    await api.db.deleteFrom('answers').execute();
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
    const lines = await api.call('GET', '/api/v1/board.csv?timeZone=Asia/Tokyo', { key });
    expect(lines.text.split('\r\n')[1]).toBe(`${dayInTokyo},'=Billing,1,12600,12600`);
    expect((await api.call('GET', '/api/v1/board?timeZone=Nowhere', { key: api.apiKeys.Supervisor })).status).toBe(400);
  });

  it('is for supervisors', async () => {
    for (const path of ['/api/v1/board', '/api/v1/board.csv']) {
      expect((await api.call('GET', path, { key: api.apiKeys.Agent })).status).toBe(403);
    }
  });

  it('exports texts that no spreadsheet calculates', () => {
    expect(csvOf(['a'], [['=1+1'], ['@x'], ['-2'], ['＝1'], ['\n=1'], ['a,"b"\n'], [-2], ['plain']])).toBe(
      `\ufeffa\r\n'=1+1\r\n'@x\r\n'-2\r\n'＝1\r\n"'\n=1"\r\n"a,""b""\n"\r\n-2\r\nplain\r\n`,
    );
  });
});
