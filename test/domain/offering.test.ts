import { describe, expect, it } from 'vitest';
import { chooseAgent, type IdleAgent, type OfferableItem } from '../../domain/offering.ts';

const agent = (userId: string, minutesIdle: number, more: Partial<IdleAgent> = {}): IdleAgent => ({
  userId,
  queueIds: new Set(['billing']),
  room: 1,
  openOffers: 0,
  idleSince: new Date(Date.parse('2026-11-27T12:00:00Z') - minutesIdle * 60_000),
  ...more,
});
const item = (more: Partial<OfferableItem> = {}): OfferableItem => ({
  queueId: 'billing',
  keptFor: undefined,
  had: new Map(),
  ...more,
});
const had = (...people: readonly (readonly [userId: string, times: number, isRecent?: boolean])[]) =>
  new Map(people.map(([userId, times, isRecent = false]) => [userId, { times, isRecent }]));

describe('an item is offered to', () => {
  it.each([
    ['who has been idle longest', [agent('ada', 5), agent('grace', 9)], {}, 'grace'],
    ['who has room', [agent('ada', 5), agent('grace', 9, { room: 0 })], {}, 'ada'],
    ['who serves its queue', [agent('ada', 5), agent('grace', 9, { queueIds: new Set(['sales']) })], {}, 'ada'],
    ['who is not being offered another one', [agent('ada', 5), agent('grace', 9, { openOffers: 1 })], {}, 'ada'],
    ['another than who had it', [agent('ada', 5), agent('grace', 9)], { had: had(['grace', 1]) }, 'ada'],
    ['who had it less often', [agent('ada', 5), agent('grace', 9)], { had: had(['grace', 1], ['ada', 2]) }, 'grace'],
    ['the same again after a while, if there is no other', [agent('ada', 5)], { had: had(['ada', 3]) }, 'ada'],
    ['nobody, while the only one had it a moment ago', [agent('ada', 5)], { had: had(['ada', 1, true]) }, undefined],
    ['for whom it is kept', [agent('ada', 5), agent('grace', 9)], { keptFor: 'ada' }, 'ada'],
    ['no other than for whom it is kept', [agent('grace', 9)], { keptFor: 'ada' }, undefined],
    ['nobody, if there is nobody', [], {}, undefined],
  ] as const)('%s', (_who, agents, of, chosen) => {
    expect(chooseAgent(agents, item(of))?.userId).toBe(chosen);
  });
});
