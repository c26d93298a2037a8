import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../api/client.ts';
import { useDeskWords } from '../shell/languages.tsx';
import { colleaguesQuery, queuesQuery } from './queues-query.ts';

/** Where items go. Undefined: the queue stays; any agent. */
export interface MoveTarget {
  readonly queueId?: string;
  readonly personId?: string;
}

interface MoveTargetFieldsProps {
  /** Where they are, if all are in one queue. */
  readonly queue: Schemas['QueueRef'] | null;
  readonly target: MoveTarget;
  readonly error?: string | undefined;
  readonly onChange: (target: MoveTarget) => void;
}

/** Chooses a queue and a person. */
export function MoveTargetFields({ queue, target, error, onChange }: MoveTargetFieldsProps) {
  const { work } = useDeskWords();
  const queues = useQuery(queuesQuery).data ?? [];
  const people = useQuery(colleaguesQuery).data ?? [];
  const others = queues.filter(({ id }) => id !== queue?.id);
  const queueId = (value: string) => (value === '' ? {} : { queueId: value });
  const personId = (value: string) => (value === '' ? {} : { personId: value });
  return (
    <>
      <NativeSelect
        label={work.moveQueue}
        data-autofocus
        value={target.queueId ?? ''}
        error={error}
        onChange={(event) => onChange({ ...queueId(event.currentTarget.value), ...personId(target.personId ?? '') })}
        data={[{ value: '', label: queue?.name ?? '–' }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      <NativeSelect
        label={work.movePerson}
        value={target.personId ?? ''}
        onChange={(event) => onChange({ ...queueId(target.queueId ?? ''), ...personId(event.currentTarget.value) })}
        data={[{ value: '', label: work.anyPerson }, ...people.map(({ id, name }) => ({ value: id, label: name }))]}
      />
    </>
  );
}
