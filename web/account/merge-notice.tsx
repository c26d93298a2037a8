import type { Schemas } from '../api/client.ts';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import type { DraftRule } from './draft.ts';
import type { RoutingEdit } from './merge-routing.ts';
import type { Merged } from './use-routing-draft.ts';

interface MergeNoticeProps {
  readonly merged: Merged;
  readonly queues: readonly Schemas['Queue'][];
  /** False: none of the user's own changes is left to save. */
  readonly isChanged: boolean;
}

/** Who saved this routing in between, what they changed, and what happened to the unsaved changes. */
export function MergeNotice({ merged: { edits, facts }, queues, isChanged }: MergeNoticeProps) {
  const { routing: words } = useDeskWords();
  const { locale } = useWords();
  const nameOf = (queueId: string) => queues.find(({ id }) => id === queueId)?.name ?? '?';
  const ruleName = ({ queueId, keywords }: DraftRule) => words.ruleNamed(nameOf(queueId), keywords);
  const who = typeof facts?.by === 'string' ? facts.by : undefined;
  const when = typeof facts?.at === 'string' ? formatMoment(facts.at, locale) : undefined;

  function sentenceOf(edit: RoutingEdit): string {
    const { edits: say } = words;
    switch (edit.what) {
      case 'default-queue':
        return (
          say.defaultQueue(edit.queueId === null ? words.noQueue : nameOf(edit.queueId)) +
          (edit.isOverruled ? ` ${say.overruled}` : '')
        );
      case 'queue':
        return say.queue(ruleName(edit.rule), nameOf(edit.queueId)) + (edit.isOverruled ? ` ${say.overruled}` : '');
      case 'order':
        return say.order + (edit.isOverruled ? ` ${say.overruled}` : '');
      case 'keywords':
        return say.keywords(nameOf(edit.rule.queueId), edit.added, edit.removed);
      case 'added':
        return say.added(ruleName(edit.rule));
      case 'removed':
        return say.removed(ruleName(edit.rule)) + (edit.isKept ? ` ${say.kept}` : '');
      case 'back':
        return say.back(ruleName(edit.rule));
    }
  }

  return (
    <Notice tone="warn" urgent>
      <strong>{words.savedBy(who, when)}</strong>
      <ul className="edits">
        {edits.map((edit) => {
          const sentence = sentenceOf(edit);
          return <li key={sentence}>{sentence}</li>;
        })}
      </ul>
      {isChanged ? words.mergedWhat : words.mergedAway}
    </Notice>
  );
}
