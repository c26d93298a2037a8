import { describe, expect, it } from 'vitest';
import { type AnswerEvidence, checkAnswersSent } from '../../chaos/answers/check-answers-sent.ts';

const anAnswer = (evidence: Partial<AnswerEvidence> = {}): AnswerEvidence => ({
  name: 'Mail 1',
  state: 'sent',
  reason: null,
  itemState: 'completed',
  left: 1,
  inSentItems: 1,
  files: 1,
  filesSent: [1],
  ...evidence,
});

describe('the check of answers', () => {
  it.each<[string, Partial<AnswerEvidence>]>([
    ['that was sent once', {}],
    ['that failed for certain', { state: 'failed', left: 0, inSentItems: 0, filesSent: [], itemState: 'waiting' }],
    ['that Microsoft accepted and kept', { state: 'unknown', reason: 'still-a-draft', left: 0, filesSent: [] }],
  ])('finds nothing in one %s', (_what, evidence) => {
    expect(checkAnswersSent([anAnswer(evidence)]).findings).toEqual([]);
  });

  it.each<[string, Partial<AnswerEvidence>]>([
    ['left twice', { left: 2, inSentItems: 2, filesSent: [1, 1] }],
    ['counts as sent and never left', { left: 0, inSentItems: 0, filesSent: [] }],
    ['is not in Sent Items', { inSentItems: 0 }],
    ['counts as failed and left', { state: 'failed' }],
    ['is unknown and left', { state: 'unknown', reason: 'still-a-draft' }],
    ['is unknown without need', { state: 'unknown', reason: 'no-answer', left: 0, filesSent: [] }],
    ['is under way at rest', { state: 'sending', left: 0, filesSent: [] }],
    ['has its file twice', { filesSent: [2] }],
    ['lost its file', { filesSent: [0] }],
    ['left its item open', { itemState: 'waiting' }],
  ])('finds one that %s', (_what, evidence) => {
    expect(checkAnswersSent([anAnswer(evidence)]).findings).toHaveLength(1);
  });
});
