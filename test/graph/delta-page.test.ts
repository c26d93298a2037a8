import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDeltaPage } from '../../graph/mail/delta-page.ts';
import { sample } from './sample.ts';

test('recorded pages are followed to the end of the round', () => {
  const first = sample('delta-1-initial-nextlink');
  const last = sample('delta-3-deltalink');
  expect(parseDeltaPage(first, 'r1')).toMatchObject({
    link: first['@odata.nextLink'],
    hasMore: true,
    requestId: 'r1',
  });
  expect(parseDeltaPage(last)).toMatchObject({ link: last['@odata.deltaLink'], hasMore: false });
});

test('items that carry only some properties are partial, and removals are removals', () => {
  const page = parseDeltaPage(sample('delta-4-next-round-removed'));
  expect(page?.entries).toEqual([
    { kind: 'removed', id: 'AAMkADk0MGFkODE3LWE4MmYtNDRhOS0Dh_6qB-pB2Sa2pUum19a6YAAKnLuxoAAA=' },
    { kind: 'partial', id: 'AAMkADNkNAAASq35xAAA=' },
  ]);
});

test('an empty page with a next link is a page', () => {
  expect(parseDeltaPage({ value: [], '@odata.nextLink': 'https://x' })).toEqual({
    entries: [],
    link: 'https://x',
    hasMore: true,
    requestId: undefined,
  });
});

test('an item without an id gets the same stand-in at every repeat', () => {
  const body = { value: [{ subject: 'no id' }, 7], '@odata.deltaLink': 'https://x' };
  const [first, second] = parseDeltaPage(body)?.entries ?? [];
  expect(first).toMatchObject({ kind: 'unreadable', id: expect.stringMatching(/^unidentified-[\da-f]{32}$/) });
  expect(second).not.toEqual(first);
  expect(parseDeltaPage(structuredClone(body))?.entries[0]).toEqual(first);
});

test.each([[undefined], [null], ['x'], [{}], [{ value: [] }], [{ value: {}, '@odata.deltaLink': 'x' }]])(
  '%j is no delta page',
  (body) => {
    expect(parseDeltaPage(body)).toBeUndefined();
  },
);

test('never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (value) => {
      expect(parseDeltaPage({ value, '@odata.deltaLink': 'x' })?.entries).toHaveLength(value.length);
    }),
  );
});
