import type { Decision } from '../../domain/routing.ts';
import { shownText } from '../../domain/words/shown-text.ts';

/** Why a message goes to its queue, in a sentence. */
export function decisionWords(decision: Decision): string {
  if (decision.by === 'rule') {
    return `Rule ${decision.position} matched: the subject contains “${shownText(decision.keyword)}”.`;
  }
  switch (decision.because) {
    case 'no-default-queue':
      return 'No rule matched, and the account has no default queue, so the message is in no queue.';
    case 'default-queue-removed':
      return 'No rule matched, and the default queue of the account was removed, so the message is in no queue.';
    case 'rule-queue-removed':
      return `${decision.rule ? `Rule ${decision.rule.position}` : 'A rule'} matched, but its queue was removed, so the message is in no queue.`;
    case 'no-subject':
      return 'The message has no subject, so it goes to the default queue.';
    case 'no-rules':
      return 'The account has no rules, so everything goes to the default queue.';
    case 'no-rule-matched':
      return 'No rule matched the subject, so it goes to the default queue.';
  }
}
