import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { Notice } from '../parts/notice.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMe } from '../shell/session.ts';
import type { Answer } from './answers-query.ts';
import type { DraftContent } from './draft-content.ts';
import { type FoundCopy, findCopies } from './stored-copy.ts';
import { linesOfHtml } from './words-of-html.ts';

interface LeftTextsProps {
  readonly item: Pick<Schemas['Item'], 'id'>;
  readonly answers: readonly Answer[];
  /** The draft that is being written: it has its copies. */
  readonly openedId: string | undefined;
  /** Undefined where nothing can be answered. */
  readonly onGoOn: ((copy: FoundCopy) => void) | undefined;
}

/**
 * Texts of one's own that only the browser has, because their drafts can no longer be opened: sent or discarded in
 * another window, or taken over by another person, before they could be saved.
 */
export function LeftTexts({ item, answers, openedId, onGoOn }: LeftTextsProps) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const userId = useMe().data?.id ?? '';
  const [, setDropped] = useState(0);
  const isOpenable = ({ draftId }: FoundCopy) =>
    draftId === openedId ||
    answers.some(({ id, state, by }) => id === draftId && by.isYou && (state === 'draft' || state === 'failed'));
  const left = findCopies(userId).filter((copy) => copy.itemId === item.id && !isOpenable(copy));
  return left.map((copy) => (
    <Notice
      key={`${copy.draftId} ${copy.content.body}`}
      tone="warn"
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              void navigator.clipboard?.writeText(plainText(copy.content)).then(() => announce(words.copied))
            }
          >
            {words.copyText}
          </Button>
          {onGoOn && (
            <Button size="compact-sm" variant="default" onClick={() => onGoOn(copy)}>
              {words.goOn}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              copy.drop();
              setDropped((now) => now + 1);
            }}
          >
            {words.deleteText}
          </Button>
        </>
      }
    >
      {words.leftText}
      <details>
        <summary>{words.yourText}</summary>
        <div className="other-text">{plainText(copy.content)}</div>
      </details>
    </Notice>
  ));
}

const plainText = ({ format, body }: DraftContent) => (format === 'text' ? body : linesOfHtml(body));
