import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon, Group, Select, Stack, TagsInput, Text } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import { afterPress } from '../parts/after-press.ts';
import { Icon } from '../parts/icon.tsx';
import { IconAction } from '../parts/icon-action.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { type DraftRule, MOST_KEYWORDS, parseKeywords, type RuleProblem } from './draft.ts';

interface RuleRowProps {
  readonly rule: DraftRule;
  /** 1 is the first rule. */
  readonly position: number;
  readonly queues: readonly { readonly value: string; readonly label: string }[];
  readonly warnings: readonly string[];
  readonly isWinner: boolean;
  readonly isReadOnly: boolean;
  /** True: just added, so its keywords get the focus. */
  readonly isNew: boolean;
  /** Shows why it cannot be saved. */
  readonly problem: RuleProblem | undefined;
  readonly onChange: (key: string, change: (rule: DraftRule) => DraftRule) => void;
  /** The focus left its keywords. */
  readonly onLeave: (key: string) => void;
  /** By one place: -1 is up. */
  readonly onMove: (key: string, by: -1 | 1) => void;
  readonly onRemove: (key: string) => void;
}

/** One rule: its queue and its keywords. Rendered again where it changed: an account may have 200 of them. */
export const RuleRow = memo(Row, (before, after) =>
  (Object.keys(after) as (keyof RuleRowProps)[]).every((name) => isSame(name, before[name], after[name])),
);

/** The form makes new rules, and the editor new warnings, at every key. */
function isSame(name: keyof RuleRowProps, before: unknown, after: unknown): boolean {
  if (before === after) return true;
  return (name === 'rule' || name === 'warnings') && JSON.stringify(before) === JSON.stringify(after);
}

function Row(props: RuleRowProps) {
  const { rule, position, queues, warnings, isWinner, isReadOnly, isNew, problem, onMove } = props;
  const { key } = rule;
  const onChange = (change: (now: DraftRule) => DraftRule) => props.onChange(key, change);
  const { routing: words } = useDeskWords();
  const { listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: rule.key,
    disabled: isReadOnly,
  });
  const keywords = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isNew) keywords.current?.focus();
  }, [isNew]);
  const queueName = queues.find(({ value }) => value === rule.queueId)?.label;
  const style = {
    transform: CSS.Translate.toString(transform),
    transition,
    ...(isDragging && { position: 'relative' as const, zIndex: 1, boxShadow: 'var(--mantine-shadow-md)' }),
  };
  return (
    <li ref={setNodeRef} style={style} className="rule" data-winner={isWinner}>
      <Group gap={4} wrap="nowrap" h={36}>
        {!isReadOnly && (
          <ActionIcon
            ref={setActivatorNodeRef}
            variant="subtle"
            color="gray"
            c="dimmed"
            className="drag"
            {...listeners}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
              event.preventDefault();
              onMove(key, event.key === 'ArrowUp' ? -1 : 1);
            }}
            aria-label={words.move(position)}
          >
            <Icon name="drag" />
          </ActionIcon>
        )}
        <Text size="sm" c="dimmed" w={20} ta="center">
          {position}
        </Text>
      </Group>
      <Select
        aria-label={words.queueOf(position)}
        title={queueName}
        data={queues}
        value={rule.queueId}
        onChange={(queueId) => queueId !== null && onChange((now) => ({ ...now, queueId }))}
        allowDeselect={false}
        readOnly={isReadOnly}
        searchable
      />
      <Stack gap={4} className="rule-keywords">
        <TagsInput
          ref={keywords}
          aria-label={words.keywordsOf(position)}
          placeholder={rule.keywords.length === 0 ? words.keywords : ''}
          value={[...rule.keywords]}
          onChange={(entered) => onChange((now) => ({ ...now, keywords: parseKeywords(entered) }))}
          searchValue={rule.typed}
          onSearchChange={(typed) => onChange((now) => ({ ...now, typed }))}
          onBlur={() => afterPress(() => props.onLeave(key))}
          splitChars={[',', ';', '\n', '\t']}
          maxTags={MOST_KEYWORDS}
          readOnly={isReadOnly}
          allowDuplicates
          acceptValueOnBlur={false}
          error={problem && words.ruleProblems[problem]}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (isReadOnly || !/[,;\n\t]/.test(pasted)) return;
            event.preventDefault();
            onChange((now) => ({
              ...now,
              keywords: parseKeywords([...now.keywords, `${now.typed}${pasted}`]),
              typed: '',
            }));
          }}
        />
        {warnings.map((warning) => (
          <Text key={warning} size="xs" component="div">
            <StatusLabel tone="warn">{warning}</StatusLabel>
          </Text>
        ))}
      </Stack>
      {!isReadOnly && (
        <IconAction
          icon="cross"
          mt={4}
          className="remove-rule"
          label={words.removeRule(position)}
          onClick={() => props.onRemove(key)}
        />
      )}
    </li>
  );
}
