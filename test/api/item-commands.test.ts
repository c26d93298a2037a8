import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../api/command-line.ts';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { insertSettings } from '../support/simulated-organisation.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let url: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi();
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  await insertSettings(api);
  await api.db.updateTable('settings').set({ sendingEnabled: true }).execute();
  accountId = await anAccount(api.db, { sendingEnabled: true, sendingGranted: true });
});
afterAll(() => api.stop());

async function queueWith(...messages: readonly Partial<NewMessage>[]) {
  const name = `Queue ${randomUUID()}`;
  const queueId = await aQueue(api.db, name);
  const start = Date.parse('2026-05-01T10:00:00Z');
  const all = messages.map((message, index) => aMessage({ receivedAt: new Date(start + index * 1_000), ...message }));
  await insertMessages(api.db, accountId, all, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  return { name, queueId };
}

/** Runs a command of an agent; its exit code and what it printed. */
async function items(args: readonly string[], access = { url, key: api.apiKeys.Agent }) {
  const printed = { out: [] as string[], err: [] as string[] };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.out.push(line)),
    vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.err.push(line)),
    vi.spyOn(process.stderr, 'write').mockImplementation((line) => printed.err.push(String(line)) > 0),
  ];
  try {
    const code = await runCommandLine(['items', ...args], {
      name: 'mailroom',
      openDatabase: () => Promise.reject(new Error('Items go by the API')),
      findKeys: () => api.keys,
      findApi: () => access,
    });
    return { code, out: printed.out.join('\n'), err: printed.err.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

async function json(...args: string[]) {
  const { code, out, err } = await items([...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

describe('the commands for items', () => {
  it('list, claim, show, park, release and complete as an agent does on the pages', async () => {
    const { name } = await queueWith({ subject: 'First' }, { subject: 'Second' });
    const listed = await items(['list', '--queue', name.toUpperCase()]);
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^RECEIVED .*\n2026-05-01 10:00 UTC {2}waiting .*First .*\n.*Second /);

    const { id, claim } = await json('claim', '--queue', name, '--lease', '60');
    expect(claim.name).toBe('key of Agent');
    expect((await items(['list'])).out).toContain(id);
    await json('note', id, 'The customer', 'called.');
    const shown = await items(['show', id]);
    expect(shown.out).toMatch(/State: +claimed by key of Agent\n(.*\n)*Subject: +First\n(.*\n)*The customer called\.$/);

    expect(await json('park', id, '--customer')).toMatchObject({ state: 'parked', parked: { until: null } });
    expect(await json('unpark', id)).toMatchObject({ state: 'waiting' });
    expect(await json('park', id, '--until', '2027-01-04T09:00+01:00', '--note', 'Later')).toMatchObject({
      parked: { until: '2027-01-04T08:00:00.000Z' },
    });
    expect(await json('claim', id)).toMatchObject({ state: 'claimed' });
    expect(await json('release', id)).toMatchObject({ state: 'waiting' });
    await json('claim', id);
    expect(await json('complete', id)).toMatchObject({ state: 'completed' });
    expect(await json('undo', id)).toMatchObject({ state: 'claimed' });
    await json('complete', id);
    expect(await json('reopen', id, '--reason', 'Not solved')).toMatchObject({ state: 'waiting' });
    expect((await json('list', '--queue', name)).items[0]).toMatchObject({ id });
  });

  it('follow the pages of a long queue to the limit, and say that there is more', async () => {
    const { name } = await queueWith(...Array.from({ length: 205 }, () => ({})));
    expect((await json('list', '--queue', name, '--limit', '300')).items).toHaveLength(205);
    const { out, err } = await items(['list', '--queue', name, '--limit', '203']);
    expect(out.split('\n')).toHaveLength(204);
    expect(err).toContain('There are more');
  });

  it('move an item to a queue and a person by their names', async () => {
    const { name } = await queueWith({});
    const other = await queueWith();
    await api.browserOf('Agent', 'ada@contoso.example');
    const { id } = await json('claim', '--queue', name);
    const moved = await json('move', id, '--queue', other.name, '--person', 'Ada@contoso.example', '--note', 'Yours');
    expect(moved).toMatchObject({ queue: { name: other.name }, assignee: { name: 'ada@contoso.example' } });
    expect(await items(['move', id, '--queue', 'None'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no queue None.'),
    });
    expect((await items(['move', id, '--person', 'nn@contoso.example'])).err).toContain('no enabled user');
  });

  it('answer without completing a mail that came after what was seen', async () => {
    const { name } = await queueWith({ from: { address: `${randomUUID()}@example.org` } }, {});
    const { items: listed } = await json('list', '--queue', name);
    const [id, joined] = listed.map((item: { id: string }) => item.id).toSorted();
    const { newestMail } = await json('show', id);
    await api.db.updateTable('items').set({ state: 'joined', joinedTo: id }).where('id', '=', joined).execute();
    const refused = await items(['answer', id, '--text', 'Done', '--complete', '--seen-through', newestMail]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/new mail .*\n.*kept as the draft/) });
    expect(await json('answer', id, '--text', 'Done', '--complete', '--replace')).toMatchObject({ state: 'scheduled' });
  });

  it('answer, complete the item, and keep a draft that is not replaced', async () => {
    const { name } = await queueWith({ from: { address: `${randomUUID()}@example.org` }, subject: 'Refund' });
    const { id } = await json('claim', '--queue', name);
    const draft = await json('answer', id, '--text', 'a < b & c\n\nRegards', '--draft');
    expect(draft).toMatchObject({
      state: 'draft',
      subject: 'Re: Refund',
      body: expect.stringContaining('a &lt; b &amp; c'),
    });
    const kept = await items(['answer', id, '--text', 'Another']);
    expect(kept).toMatchObject({ code: 1, err: expect.stringContaining('--replace') });
    const sent = await json('answer', id, '--text', 'Done', '--complete', '--replace', '--delay', '60');
    expect(sent).toMatchObject({ state: 'scheduled', completesItem: true });
    expect(sent.id).not.toBe(draft.id);
    const forward = await items(['answer', id, '--kind', 'forward', '--text', 'For you']);
    expect(forward).toMatchObject({ code: 1, err: expect.stringMatching(/no recipients.*\n.*kept as the draft/) });
    expect((await items(['answer', id, '--text', ' '])).err).toContain('nothing to send');
  });

  it('say in words and by the exit code what was refused, that nothing waits, and that no answer came', async () => {
    const { name } = await queueWith();
    expect(await items(['claim', '--queue', name])).toMatchObject({
      code: 3,
      err: `Nothing waits in the queue ${name}.`,
    });
    expect(await items(['show', randomUUID()])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such item'),
    });
    expect(await items(['show', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('not an id'),
    });
    expect(await items(['claim'])).toMatchObject({ code: 1, err: 'Name either an item or --queue.' });
    const unknown = await items(['list'], { url, key: 'mailroom_x' });
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('The API key is unknown or revoked') });
    const nowhere = { url: 'http://127.0.0.1:9', key: 'mailroom_x' };
    expect(await items(['list'], nowhere)).toEqual({
      code: 4,
      out: '',
      err: 'Mailroom does not answer at http://127.0.0.1:9.',
    });
    expect((await items(['complete', randomUUID()], nowhere)).err).toContain('It is not known whether');
  });

  it('send the key nowhere else, and recognise what is not Mailroom', async () => {
    const seen: (string | undefined)[] = [];
    const answers = [
      { status: 302, headers: { location: '/other' }, body: '' },
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome' },
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>Bad gateway' },
      { status: 200, headers: { 'content-type': 'application/json' }, body: '' },
    ];
    const server = createServer(({ url: path }, response) => {
      seen.push(path);
      const { status, headers, body } = answers[seen.length - 1] ?? { status: 500, headers: {}, body: '' };
      response.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const access = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, key: 'k' };
    for (const _ of answers) {
      expect(await items(['list'], access)).toMatchObject({ code: 1, err: expect.stringContaining('not Mailroom') });
    }
    expect(seen).toEqual(answers.map(() => '/api/v1/items/mine'));
    await new Promise((resolve) => server.close(resolve));
  });

  it('claim and answer once when the first answer of the API gets lost', async () => {
    const { name, queueId } = await queueWith({ from: { address: `${randomUUID()}@example.org` } }, {});
    const lost = new Set<string>();
    const server = createServer(async (request, response) => {
      const { method = '', url: path = '', headers } = request;
      const payload = Buffer.concat(await request.toArray());
      const {
        statusCode,
        headers: sent,
        body,
      } = await api.app.inject({ method: method as 'GET', url: path, headers, payload });
      const isStep = /\/(claim|send)$/.test(path);
      if (isStep && !lost.has(path)) {
        lost.add(path);
        request.socket.destroy();
      } else response.writeHead(statusCode, { 'content-type': String(sent['content-type'] ?? '') }).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const access = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: api.apiKeys.Agent };
    const claimed = await items(['claim', '--queue', name, '--json'], access);
    expect(claimed).toMatchObject({ code: 0, err: '' });
    const held = api.db.selectFrom('items').select('id').where('queueId', '=', queueId).where('state', '=', 'claimed');
    expect(await held.execute()).toEqual([{ id: JSON.parse(claimed.out).id }]);
    const answered = await items(['answer', JSON.parse(claimed.out).id, '--text', 'Done', '--json'], access);
    expect(JSON.parse(answered.out)).toMatchObject({ state: 'scheduled' });
    expect(lost.size).toBe(2);
    await new Promise((resolve) => server.close(resolve));
  });

  it('print nothing that a terminal obeys', async () => {
    const { name } = await queueWith({ subject: 'a\u001b[31m\u202eb\u009b', bodyText: 'x\u001b]0;y\u0007\u202e\nz' });
    const { id } = await json('claim', '--queue', name);
    for (const args of [
      ['show', id],
      ['list', '--queue', name, '--state', 'all'],
      ['show', id, '--json'],
    ]) {
      expect((await items(args)).out).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u);
    }
    expect((await json('show', id)).subject).toContain('\u202e');
    const refused = await items(['list', '--queue', 'a\u001b[31m\u202e']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('There is no queue a\uFFFD[31m.');
  });
});
