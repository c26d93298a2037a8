import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph, walkDelta } from './start-graph.ts';

const INBOX = '/me/mailFolders/inbox/messages/delta';

describe('Faults', () => {
  let running: RunningGraph;
  beforeEach(async () => {
    running = await startGraph();
  });
  afterEach(() => running.close());

  const fault = (body: object) => running.control('POST', '/faults', body);
  const failure = async (path = '/me/messages') => {
    const { status, body, headers } = await running.graph('GET', path);
    return [status, body.error?.code, headers.get('retry-after')];
  };

  it('fail as Graph does, as often as asked, and then no more', async () => {
    const cases = [
      [{ kind: 'throttle', retryAfterSeconds: 2.128 }, [429, 'TooManyRequests', '2.128']],
      [{ kind: 'unavailable' }, [503, 'ServiceUnavailable', null]],
      [{ kind: 'unavailable', retryAfterSeconds: 7 }, [503, 'ServiceUnavailable', '7']],
      [{ kind: 'gateway-timeout' }, [504, 'UnknownError', null]],
      [{ kind: 'error' }, [500, 'ErrorInternalServerError', null]],
      [{ kind: 'access-denied' }, [403, 'ErrorAccessDenied', null]],
      [{ kind: 'mailbox-gone' }, [404, 'MailboxNotEnabledForRESTAPI', null]],
    ] as const;
    for (const [what, expected] of cases) {
      await fault({ ...what, count: 2 });
      expect(await failure(), what.kind).toEqual(expected);
      expect(await failure(), what.kind).toEqual(expected);
      expect(await failure(), what.kind).toEqual([200, undefined, null]);
    }
  });

  it('fail at one message, alone or in the pages that hold it, and spare what asks for less', async () => {
    const { id } = (await running.deliver({ subject: 'poison' })) as { id: string };
    await running.deliver({ subject: 'good' });
    const message = `/me/messages/${encodeURIComponent(id)}`;
    const list = '/me/mailFolders/inbox/messages';
    await fault({ kind: 'unreadable-message', messageId: id, spares: 'bodiless' });
    await fault({ kind: 'poisoned-page', messageId: id, spares: 'ids', status: 504 });
    expect(await failure(message)).toEqual([500, 'ErrorContentConversionFailed', null]);
    expect(await failure(`${message}?$select=subject`)).toEqual([200, undefined, null]);
    expect(await failure(INBOX)).toEqual([504, 'UnknownError', null]);
    expect(await failure(`${list}?$select=id,subject`)).toEqual([504, 'UnknownError', null]);
    expect(await failure(`${list}?$select=id`)).toEqual([200, undefined, null]);
    expect(await failure(`${list}?$top=1&$skip=1&$orderby=receivedDateTime desc`)).toEqual([504, 'UnknownError', null]);
    await fault({ kind: 'unreadable-attachments', messageId: id });
    expect(await failure(`${message}/attachments`)).toEqual([500, 'ErrorCannotOpenFileAttachment', null]);
  });

  it('refuse delta and large pages while lists answer', async () => {
    await fault({ kind: 'large-pages', pageSize: 5 });
    expect(await failure('/me/messages?$top=6')).toEqual([504, 'UnknownError', null]);
    expect(await failure('/me/messages?$top=5')).toEqual([200, undefined, null]);
    await running.control('DELETE', '/faults');
    for (const [status, code] of [
      [400, 'ErrorInvalidUrlQuery'],
      [403, 'ErrorAccessDenied'],
      [404, 'ErrorItemNotFound'],
      [410, 'SyncStateNotFound'],
    ]) {
      await fault({ kind: 'delta-refused', status, count: 1 });
      expect(await failure(INBOX)).toEqual([status, code, null]);
    }
    expect(await failure()).toEqual([200, undefined, null]);
  });

  it('can leave the body of a 503 empty', async () => {
    await fault({ kind: 'unavailable', emptyBody: true, count: 1 });
    const { status, bytes } = await running.graph('GET', '/me/messages');
    expect([status, bytes.length]).toEqual([503, 0]);
  });

  it('cut the connection', async () => {
    await fault({ kind: 'reset', count: 1 });
    await expect(running.graph('GET', '/me/messages')).rejects.toThrow();
    expect(await failure()).toEqual([200, undefined, null]);
  });

  it('make an answer wait', async () => {
    await fault({ kind: 'slow', delayMs: 120, count: 1 });
    const startedAt = performance.now();
    await running.graph('GET', '/me/messages');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  it('keep to the mailbox and the endpoint that they are for', async () => {
    await fault({ kind: 'error', mailbox: 'Other@contoso.example' });
    await fault({ kind: 'unavailable', endpoint: 'messages/delta' });
    expect(await failure('/me/messages')).toEqual([200, undefined, null]);
    expect(await failure(INBOX)).toEqual([503, 'ServiceUnavailable', null]);
    const token = await running.tokenFor('other@contoso.example');
    expect((await running.graph('GET', '/me/messages', { token })).status).toBe(500);
  });

  it('strike by chance the same way for the same seed', async () => {
    const run = async () => {
      await running.control('DELETE', '/faults');
      await fault({ kind: 'error', probability: 0.5, seed: 7 });
      const statuses: number[] = [];
      for (let request = 0; request < 20; request += 1) {
        statuses.push((await running.graph('GET', '/me/mailFolders/inbox')).status);
      }
      return statuses;
    };
    const first = await run();
    expect(await run()).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
  });

  it('are listed with their strikes, and switched off one by one or all at once', async () => {
    const { id } = await fault({ kind: 'error', endpoint: 'nothing' });
    await fault({ kind: 'slow', delayMs: 0 });
    await running.graph('GET', '/me/messages');
    const { faults } = await running.control('GET', '/faults');
    expect(faults.map((each: { kind: string; strikes: number }) => [each.kind, each.strikes])).toEqual([
      ['error', 0],
      ['slow', 1],
    ]);
    await running.control('DELETE', `/faults/${id}`);
    expect(await running.control('DELETE', '/faults')).toEqual({ removed: 1 });
    await expect(fault({ kind: 'nonsense' })).rejects.toThrow('400');
    await expect(fault({ kind: 'error', unknown: 1 })).rejects.toThrow('400');
  });

  it('lose one sync state, or find the mailbox full, on delta alone', async () => {
    const { deltaLink } = await walkDelta(running, INBOX);
    await fault({ kind: 'lost-sync-state', count: 1 });
    expect((await failure(deltaLink)).slice(0, 2)).toEqual([410, 'SyncStateNotFound']);
    expect(await failure(deltaLink)).toEqual([200, undefined, null]);
    await fault({ kind: 'quota', mailbox: ADDRESS });
    expect((await failure(INBOX)).slice(0, 2)).toEqual([403, 'ErrorQuotaExceeded']);
    expect(await failure('/me/messages')).toEqual([200, undefined, null]);
  });

  it('double and shuffle entries without losing one', async () => {
    for (let n = 1; n <= 6; n += 1) await running.deliver({ subject: `Mail ${n}` });
    const calm = await walkDelta(running, INBOX);
    await fault({ kind: 'duplicate-entries' });
    await fault({ kind: 'shuffled-entries' });
    const wild = await walkDelta(running, INBOX);
    const ids = (entries: { id: string }[]) => entries.map((entry) => entry.id);
    expect(wild.entries.length).toBeGreaterThan(6);
    expect(new Set(ids(wild.entries))).toEqual(new Set(ids(calm.entries)));
    expect([...new Set(ids(wild.entries))]).not.toEqual(ids(calm.entries));
  });

  it('put empty pages between full ones', async () => {
    for (let n = 1; n <= 4; n += 1) await running.deliver({ subject: `Mail ${n}` });
    await fault({ kind: 'empty-pages' });
    const { entries, pages } = await walkDelta(running, INBOX, { prefer: 'odata.maxpagesize=2' });
    expect([entries.length, pages]).toEqual([4, 4]);
  });

  it('hold the newest change back until the next round', async () => {
    await fault({ kind: 'lagging-entries', count: 1 });
    await running.deliver({ subject: 'One' });
    await running.deliver({ subject: 'Two' });
    const first = await walkDelta(running, INBOX);
    expect(first.entries).toHaveLength(1);
    const second = await walkDelta(running, first.deltaLink);
    expect(second.entries).toMatchObject([{ subject: 'Two' }]);
  });

  it('hide the headers from delta, and spoil its links', async () => {
    await running.deliver({ subject: 'One' });
    const path = `${INBOX}?$select=subject,internetMessageHeaders`;
    expect((await walkDelta(running, path)).entries[0].internetMessageHeaders.length).toBeGreaterThan(3);
    await fault({ kind: 'missing-headers' });
    await fault({ kind: 'malformed-links', count: 1 });
    const { entries, deltaLink } = await walkDelta(running, path);
    expect(entries[0]).not.toHaveProperty('internetMessageHeaders');
    expect(deltaLink).toMatch(/\/v1\.0\/users\/\/mailfolders\(/);
  });

  it('spoil one message alone', async () => {
    const bad = await running.deliver({ subject: 'Bad' });
    const good = await running.deliver({ subject: 'Good' });
    await fault({ kind: 'corrupt-message', messageId: bad.immutableId });
    expect((await failure(`/me/messages/${bad.id}`)).slice(0, 2)).toEqual([500, 'ErrorCorruptData']);
    expect(await failure(`/me/messages/${good.id}`)).toEqual([200, undefined, null]);
    expect((await walkDelta(running, INBOX)).entries).toHaveLength(2);
    await fault({ kind: 'not-found', messageId: good.id, count: 1 });
    expect((await failure(`/me/messages/${good.immutableId}`)).slice(0, 2)).toEqual([404, 'ErrorItemNotFound']);
    expect(await failure(`/me/messages/${good.immutableId}`)).toEqual([200, undefined, null]);
  });
});
