import { Anchor, Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { knownWord } from '../parts/known-word.ts';
import { formatMoment, formatTime } from '../parts/moment.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { SendingWords } from '../parts/server-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import type { Tone } from '../parts/tone.ts';
import { TraceLine } from '../parts/trace-line.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useShortcuts } from '../shell/shortcuts.tsx';
import type { Answer } from './answers-query.ts';
import { useAnswerAct } from './use-answer-act.tsx';
import { useSecondsUntil } from './use-seconds-until.ts';

/** The author of automatic answers. */
const MAILROOM = 'mailroom';

const tones: Readonly<Record<string, Tone>> = {
  scheduled: 'busy',
  sending: 'busy',
  sent: 'good',
  failed: 'bad',
  unknown: 'warn',
};

/** Recipients that are named; the others are counted. */
const NAMED = 3;

interface AnswerEntryProps {
  readonly answer: Answer;
  readonly mayAnswer: boolean;
  /** Opens the text of an answer that is a draft again. */
  readonly onEdit: (id: string) => void;
}

/** An answer on its way or sent: its state, why, and what can be done about it. */
export function AnswerEntry({ answer, mayAnswer, onEdit }: AnswerEntryProps) {
  const { locale } = useWords();
  const { answers: words } = useDeskWords();
  const { id, state, kind, by, problem, retryAt, webLink, endedAt } = answer;
  const act = useAnswerAct(answer, onEdit);
  const left = useSecondsUntil(state === 'scheduled' ? answer.sendAt : null);
  const entry = useRef<HTMLDivElement>(null);
  const recipients = [...answer.to, ...answer.cc, ...answer.bcc];
  const named = recipients.slice(0, NAMED).map(({ name, address }) => name ?? address);
  const canUndo = state === 'scheduled' && left !== undefined && left > 0;

  const undoes = mayAnswer && canUndo && !act.isPending;
  useShortcuts([undoes && { key: 'z', label: words.undoSending, run: () => act.mutate('undo') }]);

  // The keyboard is where the person is most likely to need it: on the button that takes the answer back.
  useEffect(() => {
    if (canUndo && document.activeElement === document.body) entry.current?.querySelector('button')?.focus();
  }, [canUndo]);

  return (
    <div ref={entry} className="panel panel-body answer-entry" data-state={state}>
      <Group justify="space-between" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" component="div">
            <StatusLabel tone={tones[state] ?? 'idle'}>
              {canUndo ? words.sendsIn(left) : knownWord(words.states, state)}
            </StatusLabel>
            {endedAt !== null && <> {formatMoment(endedAt, locale)}</>}
          </Text>
          <Text size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
            {knownWord(words.writing, kind)} {words.sentTo(named.join(', '))}
            {recipients.length > NAMED && <> {words.andMore(recipients.length - NAMED)}</>}
            {by.name !== null && <> {words.by(by.name)}</>}
            {by.actor === MAILROOM && <> · {words.automatic}</>}
          </Text>
        </div>
        <Group gap="xs">
          {webLink !== null && (
            <Anchor href={webLink} target="_blank" rel="noreferrer" size="sm">
              {words.inOutlook}
            </Anchor>
          )}
          {mayAnswer && canUndo && (
            <Button
              size="compact-sm"
              onClick={() => act.mutate('undo')}
              loading={act.isPending}
              title={words.shortcut(words.undo, 'Z')}
              aria-keyshortcuts="z"
            >
              {words.undo}
            </Button>
          )}
          {mayAnswer && state === 'failed' && (
            <>
              {by.isYou && (
                <Button size="compact-sm" onClick={() => onEdit(id)}>
                  {words.edit}
                </Button>
              )}
              <Button size="compact-sm" variant="default" onClick={() => act.mutate('retry')} disabled={act.isPending}>
                {words.retry}
              </Button>
            </>
          )}
          {mayAnswer && state === 'unknown' && (
            <>
              <Button size="compact-sm" onClick={() => act.mutate('mark-sent')} disabled={act.isPending}>
                {words.markSent}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => act.mutate('retry')} disabled={act.isPending}>
                {words.retry}
              </Button>
            </>
          )}
          {mayAnswer && (state === 'failed' || state === 'unknown') && (
            <Button size="compact-sm" variant="subtle" onClick={() => act.mutate('discard')} disabled={act.isPending}>
              {words.giveUp}
            </Button>
          )}
        </Group>
      </Group>
      {problem !== null && state !== 'sent' && (
        <Text size="sm" mt={6} component="div">
          <SendingWords reason={problem.reason}>{problem.words}</SendingWords>{' '}
          {retryAt !== null && words.retriesAt(formatTime(retryAt, locale))}{' '}
          {state === 'unknown' && words.reviewUnknown}
          <TraceLine trace={problem} />
        </Text>
      )}
      <RequestNotice request={act} />
    </div>
  );
}
