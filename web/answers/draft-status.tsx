import { Button, Text } from '@mantine/core';
import { formatTime } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { bothTexts } from './both-texts.ts';
import type { DraftKeeper, DraftState } from './draft-keeper.ts';
import { linesOfHtml } from './words-of-html.ts';

/** Whether what is written is saved, in a word or two. */
export function DraftPhase({ state: { phase, saved } }: { readonly state: DraftState }) {
  const { locale } = useWords();
  const { answers: words } = useDeskWords();
  const { phases } = words;
  if (phase === 'over' || phase === 'unavailable' || phase === 'refused') return null;
  return (
    <Text size="xs" c="dimmed" span className="draft-phase">
      {phase === 'saved' ? phases.saved(formatTime(saved.savedAt, locale)) : phases[phase]}
    </Text>
  );
}

interface DraftNoticesProps {
  readonly keeper: DraftKeeper;
  readonly state: DraftState;
  /** What is written, as plain text. */
  readonly asText: () => string;
  /** Goes on with what is written in a draft of one's own; undefined where that is impossible. */
  readonly onOwnDraft?: (() => void) | undefined;
}

/** What happened to the draft that the person did not do: saved elsewhere, not saved, no longer theirs. */
export function DraftNotices({ keeper, state, asText, onOwnDraft }: DraftNoticesProps) {
  const { locale } = useWords();
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const { phase, error, otherText, mergedAt, isRestored, isOnlyHere, content } = state;
  const copy = () => void navigator.clipboard?.writeText(asText()).then(() => announce(words.copied));
  return (
    <>
      {isRestored && phase !== 'over' && <Notice tone="idle">{words.restored}</Notice>}
      {otherText === undefined && mergedAt !== undefined && (
        <Notice tone="idle">{words.merged(formatTime(mergedAt, locale))}</Notice>
      )}
      {otherText !== undefined && (
        <Notice
          tone="warn"
          urgent
          actions={
            <>
              <Button size="compact-sm" variant="default" onClick={() => keeper.choose(content)}>
                {words.keepOwn}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => keeper.choose(otherText)}>
                {words.takeOther}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => keeper.choose(bothTexts(content, otherText))}>
                {words.keepBoth}
              </Button>
            </>
          }
        >
          {words.twoTexts(formatTime(otherText.savedAt, locale))}
          <details>
            <summary>{words.otherText}</summary>
            <div className="other-text">
              {otherText.format === 'text' ? otherText.body : linesOfHtml(otherText.body)}
            </div>
          </details>
        </Notice>
      )}
      {phase === 'unavailable' && (
        <Notice tone="warn" urgent>
          {isOnlyHere ? words.onlyHere : words.phases.unavailable}
        </Notice>
      )}
      {phase === 'refused' && (
        <Notice tone="bad" urgent>
          <ProblemWords error={error} /> {words.notSavedUntilThen}
        </Notice>
      )}
      {phase === 'over' && (
        <Notice
          tone="warn"
          urgent
          actions={
            <>
              <Button size="compact-sm" variant="default" onClick={copy}>
                {words.copyText}
              </Button>
              {onOwnDraft && (
                <Button size="compact-sm" variant="default" onClick={onOwnDraft}>
                  {words.goOn}
                </Button>
              )}
            </>
          }
        >
          <ProblemWords error={error} /> {words.over}
        </Notice>
      )}
    </>
  );
}
