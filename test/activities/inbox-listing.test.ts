import { expect, test } from 'vitest';
import { apartFromDrafts } from '../../ingest/drain/inbox-listing.ts';

const at = (time: string, isDraft = false) => ({ id: time, receivedAt: new Date(time), isDraft });

test('drafts are no mail, nor is what was received before mail is captured', () => {
  const listed = [at('2026-01-01T09:59:59Z'), at('2026-01-01T10:00:00Z'), at('2026-01-01T11:00:00Z', true)];
  const ids = (captureFrom: Date | null) => apartFromDrafts(listed, captureFrom).mail.map(({ id }) => id);
  expect(ids(new Date('2026-01-01T10:00:00Z'))).toEqual(['2026-01-01T10:00:00Z']);
  expect(ids(null)).toEqual(['2026-01-01T09:59:59Z', '2026-01-01T10:00:00Z']);
  expect(apartFromDrafts(listed, null).drafts).toEqual(['2026-01-01T11:00:00Z']);
});
