import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import { parkMessages } from '../../database/capture/quarantine.ts';
import {
  openComparison,
  postponeReconciliation,
  recordTurn,
  requestReconciliation,
} from '../../database/ingest/reconciliations.ts';
import { Failure } from '../../domain/failure.ts';
import type { Mailboxes, MailboxRef } from '../../temporal/mailboxes.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let tended: MailboxRef[] = [];
let isTemporalAway = false;

beforeAll(async () => {
  const wake = async (account: MailboxRef) => {
    if (isTemporalAway) throw new Failure('Unavailable', 'The Temporal server does not answer');
    tended.push(account);
  };
  api = await startTestApi({ mailboxes: { wake } as Partial<Mailboxes> as Mailboxes });
});
beforeEach(() => {
  tended = [];
  isTemporalAway = false;
});
afterAll(() => api.stop());

const pathOf = (id: string) => `/api/v1/email/accounts/${id}/completeness`;

/** Compares the account at once: `seen` messages, of which one had been missing. */
async function compare(id: string, seen: number): Promise<void> {
  await requestReconciliation(api.db, id);
  const comparison = await openComparison(api.db, id);
  if (!comparison || 'dueInMs' in comparison) throw new Error('It did not begin');
  const page = { accountId: id, folder: 'inbox', step: undefined, messages: [aMessage()], rejected: [] };
  await capturePage(api.db, { ...page, origin: 'comparison' });
  await recordTurn(api.db, id, comparison, { seen, known: seen, next: undefined });
}

describe('the completeness of an account', () => {
  it('is told in words, with what had been missing', async () => {
    const id = await anAccount(api.db);
    expect((await api.call('GET', pathOf(id))).json).toMatchObject({
      words: 'The mailbox has not been compared with Mailroom yet.',
      comparedAt: null,
      underWay: null,
      differences: [],
    });
    await compare(id, 4_812);
    const { status, json } = await api.call('GET', pathOf(id));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      words: '4,812 of 4,812 messages of the inbox are in Mailroom. 1 message had been missing until this comparison.',
      inMailbox: 4_812,
      inLedger: 4_812,
      repaired: 1,
      differences: [{ outcome: 'captured', words: 'Was missing and is now captured.', itemId: expect.any(String) }],
    });
    const { json: events } = await api.call('GET', `/api/v1/email/accounts/${id}/events`);
    expect(events.events[0].words).toBe(
      'The mailbox was compared with Mailroom. 1 message was missing and is now captured.',
    );
  });

  it('does not count as in Mailroom what is in quarantine', async () => {
    const id = await anAccount(api.db);
    await requestReconciliation(api.db, id);
    const comparison = await openComparison(api.db, id);
    if (!comparison || 'dueInMs' in comparison) throw new Error('It did not begin');
    await parkMessages(api.db, id, 'inbox', [{ graphId: 'AAkParked', reason: 'unreadable' }]);
    await recordTurn(api.db, id, comparison, { seen: 7, known: 6, next: undefined });
    expect((await api.call('GET', pathOf(id))).json).toMatchObject({
      words: '6 of 7 messages of the inbox are in Mailroom, 1 in quarantine.',
      inMailbox: 7,
      inLedger: 6,
      inQuarantine: 1,
    });
  });

  it('is part of the list of accounts', async () => {
    const id = await anAccount(api.db);
    const listed = async () => {
      const { json } = await api.call('GET', '/api/v1/email/accounts?pageSize=200');
      return json.accounts.find((account: { id: string }) => account.id === id).completeness;
    };
    expect(await listed()).toBeNull();
    await compare(id, 7);
    expect(await listed()).toEqual({ inMailbox: 7, inLedger: 7, comparedAt: expect.any(String) });
  });
});

describe('asking for a comparison', () => {
  it('makes it due, tells the workflow, and remembers who asked', async () => {
    const id = await anAccount(api.db);
    const { status, json } = await api.call('POST', pathOf(id));
    expect(status).toBe(202);
    expect(Date.parse(json.dueAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(tended).toMatchObject([{ id }]);
    const { json: events } = await api.call('GET', `/api/v1/email/accounts/${id}/events`);
    expect(events.events).toMatchObject([{ name: 'account.comparison-requested', by: 'key of Admin' }]);
  });

  it('lets one that is under way and was interrupted go on at once, begins no other, and shows how far it is', async () => {
    const id = await anAccount(api.db);
    await requestReconciliation(api.db, id);
    await openComparison(api.db, id);
    await postponeReconciliation(api.db, id, 600_000);
    const { status, json } = await api.call('POST', pathOf(id));
    expect(Date.parse(json.dueAt)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect([status, json.underWay]).toEqual([202, { startedAt: expect.any(String), seen: 0, known: 0 }]);
    expect(tended).toMatchObject([{ id }]);
    const row = api.db.selectFrom('reconciliations').select('again').where('accountId', '=', id);
    expect(await row.execute()).toEqual([{ again: false }]);
  });

  it('is accepted while Temporal is away: the mark stays', async () => {
    isTemporalAway = true;
    const id = await anAccount(api.db);
    expect((await api.call('POST', pathOf(id))).status).toBe(202);
    expect(await openComparison(api.db, id)).toHaveProperty('receivedBefore');
  });

  it('is refused, in words, for an account that is not read', async () => {
    const id = await anAccount(api.db, { enabled: false });
    const { status, json } = await api.call('POST', pathOf(id));
    expect(status).toBe(409);
    expect(json.detail).toBe('The account is not read at the moment (Disabled). Enable it first.');
    expect(tended).toEqual([]);
  });

  it('is for administrators; supervisors may look', async () => {
    const id = await anAccount(api.db);
    const statusOf = async (method: string, key: string) => (await api.call(method, pathOf(id), { key })).status;
    expect(await statusOf('POST', api.apiKeys.Supervisor)).toBe(403);
    expect(await statusOf('GET', api.apiKeys.Supervisor)).toBe(200);
    expect(await statusOf('GET', api.apiKeys.Agent)).toBe(403);
  });
});
