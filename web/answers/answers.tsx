import './answers.css';
import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { api, type Schemas, take } from '../api/client.ts';
import { useWayBack } from '../parts/back-link.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { noteClaimedAfter } from '../queues/claimed-after.ts';
import { useOwnActor } from '../queues/item-lease.tsx';
import { QUEUES } from '../queues/queues-query.ts';
import { useClaimNext } from '../queues/use-claim-next.tsx';
import { useDesk } from '../queues/use-desk.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { loadCode } from '../shell/load-code.ts';
import { useMay, useMe } from '../shell/session.ts';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { AnswerEntry } from './answer-entry.tsx';
import { answerKeys } from './answer-keys.ts';
import { type Answer, type AnswerKind, answerKinds, draftQuery, itemAnswersQuery } from './answers-query.ts';
import type { DraftContent } from './draft-content.ts';
import { DraftEntry } from './draft-entry.tsx';
import { LeftTexts } from './left-texts.tsx';
import { SendingHint } from './sending-hint.tsx';
import { type FoundCopy, findCopies } from './stored-copy.ts';
import type { SendingWay } from './use-send.ts';

/** The editor is half as large as all other code: loaded when a person writes. */
const Composer = lazy(async () => ({ default: (await loadCode(() => import('./composer.tsx'))).Composer }));

interface AnswersProps {
  readonly item: Schemas['ItemWithMessage'];
}

/** The answers of an item: those that were sent, drafts, and where one is written. */
export function Answers({ item }: AnswersProps) {
  const { answers: words } = useDeskWords();
  const mayAnswer = useMay('items.answer');
  const { data, error, refetch } = useQuery(itemAnswersQuery(item.id));
  const writing = useWriting(item, data?.answers);
  const isMessageKept = item.message !== null;
  const canWrite = mayAnswer && isMessageKept && data?.sending.isPossible === true;
  /** A key that was pressed before it was known whether the mail can be answered. */
  const early = useRef<AnswerKind>(undefined);
  const isKnown = data !== undefined;
  const begin = (kind: AnswerKind) => {
    if (!isKnown) early.current = kind;
    else if (canWrite && !writing.open.isPending) writing.open.mutate({ kind });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has become known.
  useEffect(() => {
    if (isKnown && early.current) begin(early.current);
    early.current = undefined;
  }, [isKnown]);
  const hasNext = writing.mayComplete && item.queue !== null;
  useShortcuts(
    canWrite || (mayAnswer && isMessageKept && !isKnown)
      ? [
          ...answerKinds.map((kind) => ({ key: answerKeys[kind], label: words.kinds[kind], run: () => begin(kind) })),
          { key: '/', label: words.writingKeys.canned },
          { key: words.sendKey, label: words.writingKeys.send },
          hasNext && { key: words.nextKey, label: words.writingKeys.next },
          { key: 'Esc', label: words.writingKeys.leave },
        ]
      : [],
  );
  if (error && !data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={36} radius="md" />;
  const listed = data.answers.filter(({ id }) => id !== writing.opened?.id);
  return (
    <Stack gap="sm" component="section" aria-label={words.title}>
      {listed.length > 0 && (
        <ul className="plain-list answer-entries">
          {listed.map((answer) => (
            <li key={answer.id}>
              {answer.state === 'draft' ? (
                <DraftEntry answer={answer} onResume={writing.resume} mayWrite={canWrite} />
              ) : (
                <AnswerEntry answer={answer} onEdit={writing.resume} mayAnswer={mayAnswer} />
              )}
            </li>
          ))}
        </ul>
      )}
      {writing.opened && (
        <Suspense fallback={<Skeleton height={360} radius="md" />}>
          <Composer
            key={writing.opened.id}
            item={item}
            draftId={writing.opened.id}
            takesFocus={writing.opened.takesFocus}
            brought={writing.opened.brought}
            mayComplete={writing.mayComplete}
            onSent={writing.sent}
            onClose={writing.close}
            onOwnDraft={writing.goOn}
          />
        </Suspense>
      )}
      {mayAnswer && (
        <LeftTexts
          item={item}
          answers={data.answers}
          openedId={writing.opened?.id}
          onGoOn={canWrite ? writing.goOnWith : undefined}
        />
      )}
      {mayAnswer && isMessageKept && !data.sending.isPossible && <SendingHint sending={data.sending} item={item} />}
      {canWrite && !writing.opened && (
        <Group gap="xs" ref={writing.buttons} className="answer-kinds">
          {answerKinds.map((kind) => (
            <Button
              key={kind}
              variant="default"
              onClick={() => begin(kind)}
              disabled={writing.open.isPending}
              title={words.shortcut(words.kinds[kind], answerKeys[kind].toUpperCase())}
              aria-keyshortcuts={answerKeys[kind]}
            >
              {words.kinds[kind]}
            </Button>
          ))}
        </Group>
      )}
      <RequestNotice request={writing.open} />
    </Stack>
  );
}

interface Opened {
  readonly id: string;
  /** False for a draft that opens with the page. */
  readonly takesFocus: boolean;
  /** What was written in another draft. */
  readonly brought?: DraftContent;
}

interface Opening {
  readonly kind: AnswerKind;
  readonly content?: DraftContent;
  /** Copies of the content, which are no longer needed then. */
  readonly copies?: readonly FoundCopy[];
}

/** Which draft is open, and what follows when it is sent. */
function useWriting(item: AnswersProps['item'], answers: readonly Answer[] | undefined) {
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const own = useOwnActor();
  const desk = useDesk(item);
  const toQueue = useWayBack(desk ? `/queues/${desk.id}` : '/queues');
  const claimNext = useClaimNext(desk?.id ?? '');
  const asked = (useLocation().state as { readonly draft?: string } | null)?.draft;
  const [chosen, setChosen] = useState<Opened | 'none' | undefined>(
    asked === undefined ? undefined : { id: asked, takesFocus: true },
  );
  const buttons = useRef<HTMLDivElement>(null);
  const newest = answers?.findLast(({ state, by }) => state === 'draft' && by.isYou);
  const opened: Opened | undefined =
    chosen === undefined ? newest && { id: newest.id, takesFocus: false } : chosen === 'none' ? undefined : chosen;

  // What was open with the page stays open, whatever changes in the list.
  useEffect(() => {
    if (chosen === undefined && newest) setChosen({ id: newest.id, takesFocus: false });
  }, [chosen, newest]);

  // Back to where the answer was begun.
  const isClosing = useRef(false);
  useEffect(() => {
    if (chosen !== 'none' || !isClosing.current) return;
    isClosing.current = false;
    buttons.current?.querySelector('button')?.focus();
  }, [chosen]);

  const userId = useMe().data?.id ?? '';
  const show = (id: string) => setChosen({ id, takesFocus: true });
  const open = useMutation({
    mutationFn: ({ kind }: Opening) =>
      take(api.POST('/api/v1/items/{id}/drafts', { params: { path: { id: item.id } }, body: { kind } })),
    onSuccess: (draft, { content, copies = [] }) => {
      queryClient.setQueryData(draftQuery(draft.id).queryKey, draft);
      void queryClient.invalidateQueries({ queryKey: itemAnswersQuery(item.id).queryKey });
      setChosen({ id: draft.id, takesFocus: true, ...(content && { brought: content }) });
      for (const copy of copies) copy.drop();
    },
  });
  const isMine = item.state === 'claimed' && item.claim?.by === own;

  return {
    opened,
    open,
    buttons,
    resume: show,
    /** Goes on in a draft of one's own with what was written in the one that is open. */
    goOn(kind: AnswerKind, content: DraftContent) {
      const copies = findCopies(userId).filter(({ draftId }) => draftId === opened?.id);
      open.mutate({ kind, content, copies });
    },
    /** Goes on with a text that was left. */
    goOnWith: (copy: FoundCopy) =>
      open.mutate({ kind: copy.kind as AnswerKind, content: copy.content, copies: [copy] }),
    /** Where it is waiting or one's own. */
    mayComplete: item.queue !== null && (item.state === 'waiting' || isMine),
    close() {
      isClosing.current = true;
      setChosen('none');
    },
    sent(answer: Answer, way: SendingWay) {
      queryClient.removeQueries({ queryKey: draftQuery(answer.id).queryKey });
      setChosen('none');
      announce(words.scheduledNow);
      void queryClient.invalidateQueries({ queryKey: ['item', item.id] });
      void queryClient.invalidateQueries({ queryKey: QUEUES });
      // Without a next one, the list is next.
      if (way === 'next') {
        void claimNext
          .mutateAsync()
          .catch(() => undefined)
          .then((next) => (next ? noteClaimedAfter(item.id, next.id) : void navigate(toQueue)));
      }
      if (way === 'complete') void navigate(toQueue);
    },
  };
}
