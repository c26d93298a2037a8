import type { Schemas } from '../api/client.ts';
import type { DeskWords } from '../words/en/desk.ts';

/** Why a message is in no queue; empty if it is in one. */
export function noQueueWords(decision: Schemas['Decision'], words: DeskWords['item']): string {
  if (decision.by === 'other') return words.byOther;
  if (decision.by !== 'none') return '';
  return decision.because === 'rule-queue-removed'
    ? words.ruleQueueRemoved(decision.rule?.position)
    : words.inNoQueue[decision.because];
}
