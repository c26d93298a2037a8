import { NativeSelect, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Schemas } from '../api/client.ts';
import { useDeskWords } from '../shell/languages.tsx';

const rules = ['separate', 'join', 'reopen'] as const;

/** How the items of a queue are worked on. */
export interface QueueWork {
  conversations: (typeof rules)[number];
  outcomes: string[];
  tags: string[];
}

/** What a form begins with; a rule of a newer release is shown as the first. */
export function queueWorkOf(queue: Schemas['Queue'] | undefined): QueueWork {
  const conversations = rules.find((rule) => rule === queue?.conversations) ?? 'separate';
  return { conversations, outcomes: queue?.outcomes ?? [], tags: queue?.tags ?? [] };
}

type GetInputProps = UseFormReturnType<QueueWork>['getInputProps'];

/** Fields for the rule of conversations, the outcomes and the tags. */
export function QueueWorkFields({
  getInputProps,
}: {
  readonly getInputProps: (field: keyof QueueWork) => ReturnType<GetInputProps>;
}) {
  const { work } = useDeskWords();
  return (
    <>
      <NativeSelect
        label={work.conversations}
        data={rules.map((value) => ({ value, label: work.conversationRules[value] }))}
        {...getInputProps('conversations')}
      />
      <TagsInput label={work.outcomes} description={work.outcomesHint} maxLength={60} {...getInputProps('outcomes')} />
      <TagsInput label={work.tags} description={work.tagsHint} maxLength={60} {...getInputProps('tags')} />
    </>
  );
}
