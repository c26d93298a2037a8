import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { QueueDialog } from '../queues/queue-dialog.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { draftOf, isSameRouting, rulesToSend } from './draft.ts';
import { keywordWarnings } from './keyword-warnings.ts';
import { Rehearsal } from './rehearsal.tsx';
import { routingQuery } from './routing-panel.tsx';
import { RuleList } from './rule-list.tsx';
import { TryRouting } from './try-routing.tsx';

interface RoutingEditorProps {
  readonly accountId: string;
  readonly saved: Schemas['Routing'];
  readonly queues: readonly Schemas['Queue'][];
}

/** Default queue and rules, edited together and saved together; beside them, where a subject would go. */
export function RoutingEditor({ accountId, saved, queues }: RoutingEditorProps) {
  const { routing: words } = useWords();
  const announce = useAnnounce();
  const mayChange = useMay('routing.change');
  const mayAddQueues = useMay('queues.change');
  const queryClient = useQueryClient();
  const [base, setBase] = useState(() => draftOf(saved));
  const [draft, setDraft] = useState(base);
  const [winner, setWinner] = useState<number>();
  const [added, setAdded] = useState<string>();
  const adding = useRef<HTMLInputElement>(null);
  const [isAddingQueue, setAddingQueue] = useState(false);
  const isChanged = !isSameRouting(base, draft);
  const warnings = useMemo(() => keywordWarnings(draft.rules, words), [draft.rules, words]);
  const isIncomplete = draft.rules.some(({ keywords }) => keywords.length === 0);

  const show = (routing: Schemas['Routing']) => {
    const next = draftOf(routing);
    setBase(next);
    setDraft(next);
  };
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PUT('/api/v1/email/accounts/{id}/routing', {
          params: { path: { id: accountId } },
          body: { version: draft.version, defaultQueueId: draft.defaultQueueId, rules: rulesToSend(draft) },
        }),
      ),
    onSuccess: (routing) => {
      queryClient.setQueryData(routingQuery(accountId).queryKey, routing);
      show(routing);
      announce(words.savedVersion(routing.version));
      void queryClient.invalidateQueries({ queryKey: ['account', accountId, 'events'] });
    },
  });
  const readTheirs = () => queryClient.fetchQuery({ ...routingQuery(accountId), staleTime: 0 });

  // What somebody else saved is shown at once, as long as nothing here would be lost by it.
  useEffect(() => {
    if (saved.version === base.version || isChanged) return;
    const next = draftOf(saved);
    setBase(next);
    setDraft(next);
  }, [saved, base.version, isChanged]);

  async function showTheirs(): Promise<void> {
    show(await readTheirs());
    save.reset();
  }

  async function keepMine(): Promise<void> {
    const theirs = draftOf(await readTheirs());
    const known = new Set(theirs.rules.map(({ id }) => id));
    setBase(theirs);
    setDraft({
      ...draft,
      version: theirs.version,
      // A rule that they removed is one of ours again.
      rules: draft.rules.map((rule) => (known.has(rule.id) ? rule : { ...rule, id: undefined })),
    });
    save.reset();
  }

  function addRule(queueId: string): void {
    const rule = { key: crypto.randomUUID(), id: undefined, queueId, keywords: [] };
    setDraft({ ...draft, rules: [...draft.rules, rule] });
    setAdded(rule.key);
  }

  const choices = queues.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <section className="panel" aria-labelledby="routing">
      <UnsavedGuard isUnsaved={isChanged} what={words.leaveWhat} />
      <div className="routing-columns">
        <div>
          <Stack gap={2} className="panel-body">
            <Title order={2} id="routing">
              {words.rules}
            </Title>
            <Text size="sm" c="dimmed">
              {words.lead}
            </Text>
          </Stack>
          <RuleList
            rules={draft.rules}
            queues={choices}
            warnings={warnings}
            winner={winner}
            isReadOnly={!mayChange}
            added={added}
            onChange={(rules) => setDraft({ ...draft, rules })}
            onEmptied={() => adding.current?.focus()}
          />
          <div className="rule-default" data-winner={winner === 0}>
            <Select
              label={words.default}
              description={words.defaultWhat}
              data={choices}
              value={draft.defaultQueueId}
              onChange={(queueId) => queueId !== null && setDraft({ ...draft, defaultQueueId: queueId })}
              allowDeselect={false}
              readOnly={!mayChange}
              searchable
              maw={320}
            />
          </div>
          {mayChange && (
            <Stack gap="sm" className="panel-body">
              <Group gap="xs">
                <Select
                  ref={adding}
                  aria-label={words.addRule}
                  placeholder={words.addRule}
                  leftSection={<Icon name="plus" />}
                  data={choices}
                  value={null}
                  onChange={(queueId) => queueId !== null && addRule(queueId)}
                  searchable
                  w={300}
                  maw="100%"
                />
                {mayAddQueues && (
                  <Button variant="default" onClick={() => setAddingQueue(true)}>
                    {words.newQueue}
                  </Button>
                )}
              </Group>
              {isKind(save.error, 'other-version') ? (
                <Notice
                  tone="warn"
                  urgent
                  actions={
                    <>
                      <Button size="compact-sm" variant="default" onClick={() => void showTheirs()}>
                        {words.takeTheirs}
                      </Button>
                      <Button size="compact-sm" variant="default" onClick={() => void keepMine()}>
                        {words.keepMine}
                      </Button>
                    </>
                  }
                >
                  <strong>{words.conflict}</strong> {words.conflictWhat}
                </Notice>
              ) : (
                save.error && <ProblemNotice error={save.error} />
              )}
              <Group gap="xs">
                <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!isChanged || isIncomplete}>
                  {words.save}
                </Button>
                {isChanged && (
                  <Button variant="subtle" color="gray" c="dimmed" onClick={() => setDraft(base)}>
                    {words.discard}
                  </Button>
                )}
                <Text size="sm" c="dimmed" role="status">
                  {isChanged ? words.unsaved : ''}
                </Text>
              </Group>
            </Stack>
          )}
        </div>
        <TryRouting accountId={accountId} draft={draft} onWinner={setWinner} />
      </div>
      <Rehearsal accountId={accountId} draft={draft} />
      {isAddingQueue && (
        <QueueDialog
          onClose={() => setAddingQueue(false)}
          onSaved={(queue) => {
            setAddingQueue(false);
            addRule(queue.id);
          }}
        />
      )}
    </section>
  );
}
