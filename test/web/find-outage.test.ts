import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { ProblemError } from '../../web/api/problem-error.ts';
import { findOutage } from '../../web/shell/find-outage.ts';

const offline = new ProblemError({ status: 0, kind: 'offline' });
const unavailable = new ProblemError({ status: 503, kind: 'unavailable' });
const forbidden = new ProblemError({ status: 403, kind: 'forbidden' });

let client = new QueryClient();
let observed: (() => void)[] = [];
afterEach(() => {
  for (const stop of observed) stop();
  observed = [];
  client.clear();
  client = new QueryClient();
});

/**
 * Something that a page shows: with what was read before, or nothing, and how reading it again ended. Returns how to read it
 * once more, with success.
 */
async function show(
  key: string,
  before: object | undefined,
  end: ProblemError | undefined,
): Promise<() => Promise<unknown>> {
  const queryKey = [key];
  if (before !== undefined) client.setQueryData(queryKey, before);
  let fails = end !== undefined;
  const queryFn = async () => {
    if (end && fails) throw end;
    return { key };
  };
  const observer = new QueryObserver(client, { queryKey, queryFn, retry: false });
  observed.push(observer.subscribe(() => {}));
  await observer.refetch();
  return async () => {
    fails = false;
    await observer.refetch();
  };
}
const outage = () => findOutage(client.getQueryCache(), 'me');

it('is none while everything can be read', async () => {
  await show('account', { key: 'account' }, undefined);
  expect(outage()).toBeUndefined();
});

it.each([
  ['offline', offline],
  ['unavailable', unavailable],
])('is %s for what was read before and cannot be read again', async (expected, error) => {
  await show('account', { key: 'account' }, error);
  expect(outage()).toBe(expected);
});

it('is over as soon as it can be read again', async () => {
  const readAgain = await show('account', { key: 'account' }, offline);
  await readAgain();
  expect(outage()).toBeUndefined();
});

it('is none where a page says itself that it cannot be read', async () => {
  await show('me', { key: 'me' }, offline);
  await show('account', undefined, offline);
  expect(outage()).toBeUndefined();
});

it('is one where only a part of what a page shows says so', async () => {
  await show('account', { key: 'account' }, offline);
  await show('events', undefined, offline);
  expect(outage()).toBe('offline');
});

it('is known from who is signed in, which is asked first', async () => {
  await show('me', { key: 'me' }, offline);
  await show('account', { key: 'account' }, undefined);
  expect(outage()).toBe('offline');
});

it('is neither a refusal, nor what no page shows', async () => {
  await show('account', { key: 'account' }, forbidden);
  await show('queues', { key: 'queues' }, offline);
  observed.pop()?.();
  expect(outage()).toBeUndefined();
});
