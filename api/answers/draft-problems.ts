import type { AnswerView } from '../../database/answers/answer-views.ts';
import type { DraftRefusal } from '../../database/answers/drafts.ts';
import { Problem } from '../http/problem.ts';

export function noSuchDraft(): Problem {
  return new Problem('no-such-draft', 'There is no such draft. Take the id from the answers of an item.');
}

export function noSuchAnswer(): Problem {
  return new Problem('no-such-answer', 'There is no such answer. Take the id from the answers of an item.');
}

/** Why a draft was not changed. */
export function draftProblem(refusal: DraftRefusal): Problem {
  switch (refusal.outcome) {
    case 'not-found':
      return noSuchDraft();
    case 'changed':
      return changedProblem(refusal.current);
    case 'of-other':
      return ofOther(refusal.current);
    case 'not-editable':
      return new Problem(
        'draft-not-editable',
        'The answer is being sent, or was sent, and can no longer be changed. Undo the sending while that is possible.',
        { facts: { state: refusal.current.state } },
      );
  }
}

function changedProblem({ version, updatedAt }: AnswerView): Problem {
  return new Problem(
    'draft-changed',
    'The draft was saved elsewhere since you read it. Read it again, compare both, and save yours with its new ETag.',
    { facts: { version, at: updatedAt.toISOString() }, headers: { etag: `"${version}"` } },
  );
}

export function ofOther({ authorName, updatedAt }: AnswerView): Problem {
  const by = authorName ?? 'Another user';
  return new Problem('draft-of-other', `${by} writes this draft. Take it over to read or change it.`, {
    facts: { by, at: updatedAt.toISOString() },
  });
}
