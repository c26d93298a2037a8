import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { arrayMove, SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Text } from '@mantine/core';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { useAnnounce } from '../shell/announcer.tsx';
import { useWords } from '../shell/languages.tsx';
import type { DraftRule } from './draft.ts';
import { RuleRow } from './rule-row.tsx';

interface RuleListProps {
  readonly rules: readonly DraftRule[];
  readonly queues: readonly { readonly value: string; readonly label: string }[];
  readonly warnings: readonly (readonly string[])[];
  /** Position of the rule that the trial found, from 1. */
  readonly winner: number | undefined;
  readonly isReadOnly: boolean;
  /** Key of the rule that was just added. */
  readonly added: string | undefined;
  /** Saving was tried: rules without keywords say that they need one. */
  readonly isRefused: boolean;
  readonly onChange: (change: (rules: readonly DraftRule[]) => readonly DraftRule[]) => void;
  /** Takes the focus when the last rule was removed. */
  readonly onEmptied: () => void;
}

/** A movement of less is a click, in pixels. */
const DRAG_DISTANCE = 4;

/** The library would speak English, and of ids: what moves is announced here instead. */
const silent = () => '';
const ownWords = {
  announcements: { onDragStart: silent, onDragOver: silent, onDragEnd: silent, onDragCancel: silent },
  screenReaderInstructions: { draggable: '' },
};

/** The rules in their order, which is changed by dragging or by the keyboard. */
export function RuleList(props: RuleListProps) {
  const { rules, queues, warnings, winner, isReadOnly, added, isRefused, onChange, onEmptied } = props;
  const { routing: words } = useWords();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: DRAG_DISTANCE } }));
  const announce = useAnnounce();
  const list = useRef<HTMLOListElement>(null);
  const indexOf = (key: unknown) => rules.findIndex((rule) => rule.key === key);
  const move = (from: number, to: number) => {
    if (from === to || to < 0 || to >= rules.length) return;
    onChange((now) => arrayMove([...now], from, to));
    announce(words.moved(to + 1, rules.length));
  };
  const drop = ({ active, over }: DragEndEvent) => over && move(indexOf(active.id), indexOf(over.id));
  /** The focus goes to the rule that moved up, or to the one before it. */
  const remove = (index: number) => {
    flushSync(() => onChange((now) => now.filter((_rule, other) => other !== index)));
    const buttons = list.current?.querySelectorAll<HTMLElement>('.remove-rule') ?? [];
    const neighbour = buttons[Math.min(index, buttons.length - 1)];
    if (neighbour) neighbour.focus();
    else onEmptied();
  };
  if (rules.length === 0) {
    return (
      <Text size="sm" c="dimmed" className="panel-body" pt={0}>
        {words.noRules}
      </Text>
    );
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop} accessibility={ownWords}>
      <SortableContext items={rules.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
        <ol className="rules" ref={list}>
          {rules.map((rule, index) => (
            <RuleRow
              key={rule.key}
              rule={rule}
              position={index + 1}
              queues={queues}
              warnings={warnings[index] ?? []}
              isWinner={winner === index + 1}
              isReadOnly={isReadOnly}
              isNew={rule.key === added}
              isRefused={isRefused}
              onChange={(change) => onChange((now) => now.map((one) => (one.key === rule.key ? change(one) : one)))}
              onMove={(by) => move(index, index + by)}
              onRemove={() => remove(index)}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
