import { describe, expect, it } from 'vitest';
import { conditionWords } from '../../api/accounts/account-words.ts';
import { failureReasons, failureTypes } from '../../domain/failure.ts';
import { lastingWordsDe } from '../../domain/words/lasting-words-de.ts';

const MINUTE_MS = 60_000;
const now = new Date('2026-03-04T05:06:07Z');
const sinceMinutes = (minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS);
const words = (type: string, reason: string | null, minutes: number) =>
  conditionWords(
    {
      access: 'delegated',
      conditionType: type,
      conditionReason: reason,
      conditionSince: sinceMinutes(minutes),
      conditionUntil: null,
    },
    now,
  );
const invitesToWait = /nothing needs to be done/i;
const invitesToWaitDe = /zu tun ist nichts|nichts zu tun|von selbst (weiter|wieder|übernommen)/i;

const conditions = [
  ...failureTypes.map((type) => [type, null] as const),
  ...failureReasons.map((reason) => ['Unavailable', reason] as const),
  ...failureReasons.map((reason) => ['Throttled', reason] as const),
];

describe('a condition', () => {
  it.each(conditions)('%s %s of more than ten minutes never says that nothing needs to be done', (type, reason) => {
    expect(words(type, reason, 11)).not.toMatch(invitesToWait);
  });

  it('says it while it usually ends by itself', () => {
    expect(words('Unavailable', 'service-down', 2)).toMatch(invitesToWait);
  });

  it('names what to look at once it lasts', () => {
    expect(words('Unavailable', 'service-down', 11)).toContain('service health');
  });

  const waiting = conditions.filter(([type, reason]) => invitesToWait.test(words(type, reason, 1) ?? ''));
  it.each(waiting)('%s %s has German words of its own for when it lasts', (type, reason) => {
    const known = lastingWordsDe[reason ?? ''] ?? lastingWordsDe[type];
    expect(known).toBeDefined();
    expect(known).not.toMatch(invitesToWaitDe);
  });
});
