import type { ExitOutcome, Refusal } from '../../database/queues/item-step.ts';
import type { ItemSummary, ItemView } from '../../database/queues/messages.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';
import { noSuchItem } from './item-problems.ts';
import { ItemWithMessage, itemWithMessageAnswer } from './schemas.ts';

/**
 * Validates the answer inside the step's transaction: what the serialiser would refuse fails before anything is
 * changed.
 */
export function checkedAnswer(view: ItemView) {
  return ItemWithMessage.parse(itemWithMessageAnswer(view));
}

/** The answer of a step; throws the refusal. */
export function done<Answer>(result: ExitOutcome<Answer>): Answer {
  if (result.outcome === 'done') return result.answer;
  throw refusedStep(result.outcome, result.current);
}

/** Why a step of work on an item did not happen. `current`: the item, where a new mail is the reason. */
export function refusedStep(refusal: Refusal, current?: ItemSummary): Problem {
  switch (refusal) {
    case 'not-found':
      return noSuchItem();
    case 'not-claimed':
      return new Problem('item-not-held', 'This item is not claimed. Claim it first.');
    case 'completed-before':
      return new Problem('item-completed', 'The item is completed already. Nothing is left to do.');
    case 'unqueued':
      return new Problem('item-unqueued', 'The item is in no queue. Route it first: its account says how.');
    case 'unknown-state':
      return new Problem(
        'item-state-unknown',
        'A newer release of Mailroom put this item into a state that this one does not know. Ask an administrator to update it.',
      );
    case 'claimed-by-other':
      return new Problem('item-held-by-other', 'Another user holds this item. Claim another one, or ask a supervisor.');
    case 'joined':
      return new Problem(
        'item-joined',
        'This mail is worked with another item of its conversation, `joinedTo`. Work on that one, or separate them.',
      );
    case 'new-mail':
      return new Problem(
        'item-has-new-mail',
        'A new mail of this conversation has come. Nothing was changed: read it, then try again.',
        current && { facts: { newestMail: current.newestMail, state: current.state } },
      );
    case 'offer-ended':
      return new Problem(
        'offer-ended',
        'This offer has ended: its time is over, or the item went elsewhere. Nothing was changed.',
      );
    case 'offered-to-other':
      return new Problem(
        'item-offered-to-other',
        'This item is offered to another person at this moment. Wait, or choose another one.',
      );
    case 'offered-only':
      return new Problem(
        'item-offered-only',
        'Items of this queue are only offered. Become available, and wait for an offer.',
      );
    case 'not-parked':
      return new Problem('item-not-parked', 'This item is not parked. Read it again to see its state.');
    case 'not-joined':
      return new Problem('item-not-joined', 'This mail is not joined to another item. Read it again to see its state.');
    case 'not-completed':
      return new Problem('item-not-completed', 'This item is not completed. Read it again to see its state.');
    case 'not-undoable':
      return new Problem(
        'completion-not-undoable',
        'Only who completed the item can undo that, within a minute. Reopen it with a reason.',
      );
    case 'no-such-queue':
      return new Problem('queue-missing', 'There is no such queue. Take the id from GET /api/v1/queues.', {
        errors: [valueProblem('/queueId', 'no-queue')],
      });
    case 'no-such-person':
      return new Problem('person-missing', 'There is no such person. Take the id from GET /api/v1/colleagues.', {
        errors: [valueProblem('/personId', 'not-acceptable')],
      });
    case 'person-without-queue':
      return new Problem(
        'person-without-queue',
        'This person does not see the queue. Choose another person, or another queue.',
        { errors: [valueProblem('/personId', 'not-acceptable')] },
      );
    case 'no-such-outcome':
      return new Problem(
        'outcome-missing',
        "This outcome is not one of the item's queue. Choose one of its outcomes.",
        {
          errors: [valueProblem('/outcome', 'not-among')],
        },
      );
    case 'no-such-tag':
      return new Problem('tag-missing', "A tag is not one of the item's queue. Choose among its tags.", {
        errors: [valueProblem('/tags', 'not-among')],
      });
    case 'too-many-tags':
      return new Problem('too-many-tags', 'An item has at most 20 tags. Remove one first.', {
        errors: [valueProblem('/tags', 'too-long')],
      });
  }
}
