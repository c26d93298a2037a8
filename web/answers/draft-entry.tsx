import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { Since } from '../parts/since.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { type Answer, draftQuery, itemAnswersQuery } from './answers-query.ts';

interface DraftEntryProps {
  readonly answer: Answer;
  readonly mayWrite: boolean;
  readonly onResume: (id: string) => void;
}

/** A draft that is not open here: another person's, which can be taken over, or one's own. */
export function DraftEntry({ answer: { id, itemId, kind, by, updatedAt }, mayWrite, onResume }: DraftEntryProps) {
  const { queues } = useWords();
  const { answers: words } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const takeOver = useMutation({
    mutationFn: () => take(api.POST('/api/v1/drafts/{id}/take-over', { params: { path: { id } } })),
    onSuccess: (draft) => {
      queryClient.setQueryData(draftQuery(id).queryKey, draft);
      void queryClient.invalidateQueries({ queryKey: itemAnswersQuery(itemId).queryKey });
      announce(words.takenOver);
      onResume(id);
    },
  });
  const what = knownWord(words.writing, kind);
  const who = by.name ?? queues.somebody;
  return (
    <div className="panel panel-body answer-entry" data-state="draft">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm">{by.isYou ? words.ownDraft(what) : words.draftOf(who, what)}</Text>
          <Text size="xs" c="dimmed" component="div">
            {words.since} <Since time={updatedAt} />
          </Text>
        </div>
        {mayWrite &&
          (by.isYou ? (
            <Button size="compact-sm" variant="default" onClick={() => onResume(id)}>
              {words.resume}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => takeOver.mutate()}
              loading={takeOver.isPending}
              title={words.takeOverWhat(who)}
            >
              {words.takeOver}
            </Button>
          ))}
      </Group>
      <RequestNotice request={takeOver} />
    </div>
  );
}
