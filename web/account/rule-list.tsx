import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useCallbackRef } from '@mantine/hooks';
import { useMemo, useRef } from 'react';
import { flushSync } from 'react-dom';
import { useAnnounce } from '../shell/announcer.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { type Draft, type DraftRule, type RuleProblem, withTypedKeyword } from './draft.ts';
import { RuleRow } from './rule-row.tsx';
import { keywordsAt } from './use-routing-draft.ts';

interface RuleListProps {
  readonly form: UseFormReturnType<Draft>;
  readonly queues: readonly { readonly value: string; readonly label: string }[];
  readonly warnings: readonly (readonly string[])[];
  /** Position of the rule that wins the trial, from 1. */
  readonly winner: number | undefined;
  readonly isReadOnly: boolean;
  /** Key of the rule that was just added. */
  readonly added: string | undefined;
  /** Receives the focus when the last rule was removed. */
  readonly onEmptied: () => void;
}

/** A shorter movement is a click, in pixels. */
const DRAG_DISTANCE = 4;

const NONE: readonly string[] = [];
const pointer = { activationConstraint: { distance: DRAG_DISTANCE } };

/** The library would announce ids, in English; the pages announce moves themselves. */
const silent = () => '';
const ownWords = {
  announcements: { onDragStart: silent, onDragOver: silent, onDragEnd: silent, onDragCancel: silent },
  screenReaderInstructions: { draggable: '' },
};

/** The rules in order; reordered by dragging or by keyboard. */
export function RuleList(props: RuleListProps) {
  const { form, queues, warnings, winner, isReadOnly, added, onEmptied } = props;
  const { rules } = form.values;
  const { routing: words } = useDeskWords();
  const sensors = useSensors(useSensor(PointerSensor, pointer));
  const announce = useAnnounce();
  const list = useRef<HTMLOListElement>(null);
  const indexOf = (key: unknown) => rules.findIndex((rule) => rule.key === key);
  const move = (from: number, to: number) => {
    if (from === to || to < 0 || to >= rules.length) return;
    form.reorderListItem('rules', { from, to });
    announce(words.moved(to + 1, rules.length));
  };
  const drop = ({ active, over }: DragEndEvent) => over && move(indexOf(active.id), indexOf(over.id));
  /** Moves the focus to the rule that moved up, or to the one before it. */
  const remove = (index: number) => {
    flushSync(() => form.removeListItem('rules', index));
    const buttons = list.current?.querySelectorAll<HTMLElement>('.remove-rule') ?? [];
    const neighbour = buttons[Math.min(index, buttons.length - 1)];
    if (neighbour) neighbour.focus();
    else onEmptied();
  };
  /** By key: an action after a click may find the rule at another position. */
  const edit = (key: string, change: (rule: DraftRule) => DraftRule) =>
    form.setFieldValue('rules', (now: Draft['rules']) => now.map((one) => (one.key === key ? change(one) : one)));
  const leave = (key: string) => {
    const index = form.getValues().rules.findIndex((rule) => rule.key === key);
    if (index < 0) return;
    edit(key, withTypedKeyword);
    form.validateField(keywordsAt(index));
  };
  // Steady, as the keys are: only rows that changed are rendered.
  const onChange = useCallbackRef(edit);
  const onLeave = useCallbackRef(leave);
  const onMove = useCallbackRef((key: string, by: -1 | 1) => move(indexOf(key), indexOf(key) + by));
  const onRemove = useCallbackRef((key: string) => remove(indexOf(key)));
  const order = rules.map(({ key }) => key).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change makes new rules; only their order matters.
  const keys = useMemo(() => rules.map(({ key }) => key), [order]);
  if (rules.length === 0) {
    return (
      <Text size="sm" c="dimmed" className="panel-body" pt={0}>
        {words.noRules}
      </Text>
    );
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop} accessibility={ownWords}>
      <SortableContext items={keys} strategy={verticalListSortingStrategy}>
        <ol className="rules" ref={list}>
          {rules.map((rule, index) => (
            <RuleRow
              key={rule.key}
              rule={rule}
              position={index + 1}
              queues={queues}
              warnings={warnings[index] ?? NONE}
              isWinner={winner === index + 1}
              isReadOnly={isReadOnly}
              isNew={rule.key === added}
              problem={form.errors[keywordsAt(index)] as RuleProblem | undefined}
              onChange={onChange}
              onLeave={onLeave}
              onMove={onMove}
              onRemove={onRemove}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
