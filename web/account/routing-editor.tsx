import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { isKind, ProblemError } from '../api/problem-error.ts';
import { ActionBar } from '../parts/action-bar.tsx';
import { Icon } from '../parts/icon.tsx';
import { formatMoment } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { RequestNotice } from '../parts/request-notice.tsx';
import { UnsavedGuard } from '../parts/unsaved-guard.tsx';
import { QueueDialog } from '../queues/queue-dialog.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { type Draft, draftAfterSave, draftOf, isSameRouting, MOST_RULES, rulesToSend } from './draft.ts';
import { keywordWarnings } from './keyword-warnings.ts';
import { MergeNotice } from './merge-notice.tsx';
import { mergeRouting } from './merge-routing.ts';
import { Rehearsal } from './rehearsal.tsx';
import { routingQuery } from './routing-query.ts';
import { RuleList } from './rule-list.tsx';
import { TryRouting } from './try-routing.tsx';
import { keywordsAt, useRoutingDraft } from './use-routing-draft.ts';

interface RoutingEditorProps {
  readonly accountId: string;
  readonly saved: Schemas['Routing'];
  readonly queues: readonly Schemas['Queue'][];
}

/** The default queue and the rules, edited and saved together, beside a trial of where a subject would go. */
export function RoutingEditor({ accountId, saved, queues }: RoutingEditorProps) {
  const { routing: words } = useDeskWords();
  const { common, locale } = useWords();
  const announce = useAnnounce();
  const mayChange = useMay('routing.change');
  const mayAddQueues = useMay('queues.change');
  const queryClient = useQueryClient();
  const { form, base, draft, reset, begin, stored, merged, setMerged, drop } = useRoutingDraft(accountId, saved);
  const [winner, setWinner] = useState<number>();
  const [added, setAdded] = useState<string>();
  const adding = useRef<HTMLInputElement>(null);
  const rules = useRef<HTMLDivElement>(null);
  const [isAddingQueue, setAddingQueue] = useState(false);
  const isChanged = !isSameRouting(base, draft);
  const warnings = useMemo(() => keywordWarnings(draft.rules, words), [draft.rules, words]);

  const save = useMutation({
    mutationFn: async (sent: Draft) => ({
      sent,
      routing: await take(
        api.PUT('/api/v1/email/accounts/{id}/routing', {
          params: { path: { id: accountId } },
          body: { version: sent.version, defaultQueueId: sent.defaultQueueId, rules: rulesToSend(sent) },
        }),
      ),
    }),
    onMutate: () => setMerged(undefined),
    onSuccess: ({ routing, sent }) => {
      queryClient.setQueryData(routingQuery(accountId).queryKey, routing);
      begin(draftOf(routing), (now) => draftAfterSave(now, sent, draftOf(routing)));
      announce(words.savedVersion(routing.version));
      void queryClient.invalidateQueries({ queryKey: ['account', accountId, 'events'] });
    },
    onError: (error) => (isKind(error, 'other-version') ? mergeTheirs(error) : undefined),
  });

  /**
   * Merges the entered changes into what was saved in between; the result is saved when the user presses the button
   * again.
   */
  async function mergeTheirs(error: unknown): Promise<void> {
    const theirs = draftOf(await queryClient.fetchQuery({ ...routingQuery(accountId), staleTime: 0 }));
    const { edits } = mergeRouting(base, draft, theirs);
    begin(theirs, (now) => mergeRouting(base, now, theirs).draft);
    // No difference: the answer to an earlier request was lost.
    if (edits.length === 0 && isSameRouting(draft, theirs)) announce(words.savedVersion(theirs.version));
    else setMerged({ edits, facts: error instanceof ProblemError ? error.details.facts : undefined });
    save.reset();
  }

  function trySave(): void {
    form.onSubmit(
      (sent) => save.mutate(sent),
      (wrong) => {
        const first = draft.rules.findIndex((_rule, index) => keywordsAt(index) in wrong);
        rules.current?.querySelectorAll<HTMLInputElement>('.rule-keywords input:not([type="hidden"])')[first]?.focus();
      },
    )();
  }

  function discard(): void {
    reset();
    save.reset();
  }

  function addRule(queueId: string): void {
    const rule = { key: crypto.randomUUID(), id: undefined, queueId, keywords: [], typed: '' };
    form.insertListItem('rules', rule);
    setAdded(rule.key);
  }

  const isFull = draft.rules.length >= MOST_RULES;
  const choices = useMemo(() => queues.map(({ id, name }) => ({ value: id, label: name })), [queues]);
  return (
    <section className="panel" aria-labelledby="routing">
      <UnsavedGuard isUnsaved={isChanged} what={words.leaveWhat} onLeave={drop} />
      <div className="routing-columns">
        <div ref={rules}>
          <Stack gap={2} className="panel-body">
            <Title order={2} id="routing">
              {words.rules}
            </Title>
            <Text size="sm" c="dimmed">
              {words.lead}
            </Text>
          </Stack>
          <RuleList
            form={form}
            queues={choices}
            warnings={warnings}
            winner={winner}
            isReadOnly={!mayChange}
            added={added}
            onEmptied={() => adding.current?.focus()}
          />
          <div className="rule-default" data-winner={winner === 0}>
            <Select
              label={words.default}
              description={words.defaultWhat}
              data={choices}
              {...form.getInputProps('defaultQueueId')}
              placeholder={words.noQueue}
              allowDeselect={false}
              clearable={mayChange}
              readOnly={!mayChange}
              searchable
              maw={320}
            />
          </div>
          {mayChange && (
            <Stack gap="sm" className="panel-body">
              {isFull && <Text size="sm">{words.mostRules}</Text>}
              <Group gap="xs">
                <Select
                  ref={adding}
                  aria-label={words.addRule}
                  placeholder={words.addRule}
                  leftSection={<Icon name="plus" />}
                  data={choices}
                  value={null}
                  onChange={(queueId) => queueId !== null && addRule(queueId)}
                  disabled={isFull}
                  searchable
                  w={300}
                  maw="100%"
                />
                {mayAddQueues && (
                  <Button variant="default" onClick={() => setAddingQueue(true)} disabled={isFull}>
                    {words.newQueue}
                  </Button>
                )}
              </Group>
            </Stack>
          )}
        </div>
        <TryRouting accountId={accountId} draft={draft} onWinner={setWinner} />
      </div>
      <Rehearsal accountId={accountId} draft={draft} />
      {mayChange && (isChanged || save.isPending || merged !== undefined) && (
        <ActionBar
          label={words.unsaved}
          above={
            <Stack gap="xs">
              {stored !== undefined && <Notice tone="warn">{words.restored(formatMoment(stored, locale))}</Notice>}
              {merged && <MergeNotice merged={merged} queues={queues} isChanged={isChanged} />}
              <RequestNotice request={save} />
            </Stack>
          }
        >
          {isChanged || save.isPending ? (
            <>
              <Button onClick={trySave} loading={save.isPending}>
                {words.save}
              </Button>
              <Button variant="default" onClick={discard} disabled={save.isPending}>
                {words.discard}
              </Button>
              <Text size="sm" c="dimmed" role="status">
                {words.unsaved}
              </Text>
            </>
          ) : (
            <Button variant="default" onClick={() => setMerged(undefined)}>
              {common.close}
            </Button>
          )}
        </ActionBar>
      )}
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
