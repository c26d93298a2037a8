import { Button, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { Age } from '../parts/age.tsx';
import { EventWords } from '../parts/event-words.tsx';
import { knownWord } from '../parts/known-word.ts';
import { RequestNotice } from '../parts/request-notice.tsx';
import { submitKey } from '../parts/submit-key.ts';
import { useKeptText } from '../parts/use-kept-text.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { askAgainEvery } from '../shell/live-changes.ts';
import { useMay } from '../shell/session.ts';
import { useShortcuts } from '../shell/shortcuts.tsx';
import { colleaguesQuery } from './queues-query.ts';

/** What colleagues wrote about an item, and what happened to it. */
export function Notes({ itemId }: { readonly itemId: string }) {
  const { queues } = useWords();
  const { work } = useDeskWords();
  const mayWork = useMay('items.work');
  const { data } = useQuery({
    queryKey: ['notes', itemId],
    queryFn: ({ signal }) => take(api.GET('/api/v1/items/{id}/notes', { signal, params: { path: { id: itemId } } })),
    refetchInterval: askAgainEvery(),
  });
  return (
    <section className="panel panel-body" aria-labelledby="notes">
      <Title order={2} id="notes" mb={4}>
        {work.notes}
      </Title>
      <Stack gap="sm">
        {data?.notes.length === 0 && (
          <Text size="sm" c="dimmed">
            {work.noNotes}
          </Text>
        )}
        {data?.notes.map((note) => (
          <div key={note.id}>
            <Text size="xs" c="dimmed">
              {[note.name ?? queues.somebody, knownWord(work.noteKinds, note.kind)].filter(Boolean).join(' ')}{' '}
              <Age time={note.at} />
            </Text>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              <bdi>{note.text}</bdi>
            </Text>
          </div>
        ))}
        {mayWork && <NewNote key={itemId} itemId={itemId} />}
        {data !== undefined && data.history.length > 0 && <History events={data.history} />}
      </Stack>
    </section>
  );
}

function NewNote({ itemId }: { readonly itemId: string }) {
  const { work } = useDeskWords();
  const announce = useAnnounce();
  const queryClient = useQueryClient();
  const people = useQuery(colleaguesQuery).data ?? [];
  const [text, setText] = useKeptText(`note:${itemId}`);
  const field = useRef<HTMLTextAreaElement>(null);
  const add = useMutation({
    mutationFn: () => {
      const mentions = people.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
      return take(
        api.POST('/api/v1/items/{id}/notes', {
          params: { path: { id: itemId } },
          body: { text: text.trim(), mentions },
        }),
      );
    },
    onSuccess: () => {
      setText('');
      announce(work.noteAdded);
      void queryClient.invalidateQueries({ queryKey: ['notes', itemId] });
    },
  });
  useShortcuts([{ key: 'i', label: work.keys.note, run: () => field.current?.focus() }]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && !add.isPending) add.mutate();
      }}
    >
      <Textarea
        ref={field}
        aria-label={work.addNote}
        description={work.noteHint}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={submitKey}
        maxLength={10_000}
        rows={2}
      />
      <Button type="submit" variant="default" size="xs" mt={6} disabled={text.trim() === ''} loading={add.isPending}>
        {work.addNote}
      </Button>
      <RequestNotice request={add} />
    </form>
  );
}

function History({ events }: { readonly events: readonly Schemas['ItemEvent'][] }) {
  const { work } = useDeskWords();
  return (
    <details>
      <summary>{work.history}</summary>
      <ul className="plain-list">
        {events.map((event) => (
          <li key={event.id}>
            <Text size="xs" component="div">
              <Age time={event.at} />, {event.by ?? 'Mailroom'}: <EventWords event={event} />
            </Text>
          </li>
        ))}
      </ul>
    </details>
  );
}
