import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rehearse } from '../../domain/rehearsal.ts';
import { decide, type Routing } from '../../domain/routing.ts';

const routing: Routing = {
  version: 3,
  defaultQueueId: 'general',
  rules: [
    { id: 'a', queueId: 'billing', keywords: ['invoice'] },
    { id: 'b', queueId: 'returns', keywords: ['refund', 'voice'] },
  ],
};

describe('a rehearsal', () => {
  it('tells what would move, from where to where, the largest flow first', () => {
    const messages = [
      { id: 1, subject: 'Refund, please', queueId: 'general' },
      { id: 2, subject: 'Invoice 12', queueId: 'general' },
      { id: 3, subject: 'Invoice 13', queueId: 'general' },
      { id: 4, subject: 'Hello', queueId: 'general' },
      { id: 5, subject: 'Invoice 14', queueId: 'billing' },
      { id: 6, subject: 'Good morning', queueId: 'billing' },
    ];
    const { moves, flows } = rehearse(routing, messages);
    expect(moves.map(({ message, decision }) => [message.id, decision.queueId])).toEqual([
      [1, 'returns'],
      [2, 'billing'],
      [3, 'billing'],
      [6, 'general'],
    ]);
    expect(flows).toEqual([
      { from: 'general', to: 'billing', count: 2 },
      { from: 'general', to: 'returns', count: 1 },
      { from: 'billing', to: 'general', count: 1 },
    ]);
  });

  it('says for every message what the routing says, and moves nothing that is there already', () => {
    const queueId = fc.constantFrom('general', 'billing', 'returns', 'elsewhere');
    const message = fc.record({ subject: fc.constantFrom('', 'invoice', 'a refund', 'VOICE', 'hello'), queueId });
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const { moves, flows } = rehearse(routing, messages);
        const expected = messages.filter((each) => decide(each, routing).queueId !== each.queueId);
        expect(moves.map((move) => move.message)).toEqual(expected);
        expect(flows.reduce((sum, { count }) => sum + count, 0)).toBe(moves.length);
      }),
    );
  });
});
