import '@mantine/core/styles/Fieldset.css';
import { Checkbox, Fieldset, Group, Input, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import {
  durationUnits,
  type EnteredDay,
  type EnteredDuration,
  type EnteredHours,
  type EnteredTarget,
  usualHours,
} from './queue-target.ts';

interface QueueTargetFieldsProps {
  readonly value: EnteredTarget;
  readonly error: ReactNode;
  readonly onChange: (value: EnteredTarget) => void;
  /** Where the form finds the field that is to be corrected. */
  readonly path: string;
}

/** How soon the mail of a queue is to be dealt with. */
export function QueueTargetFields({ value, error, onChange, path }: QueueTargetFieldsProps) {
  const { board: words } = useDeskWords();
  const change = (changed: Partial<EnteredTarget>) => onChange({ ...value, ...changed });
  return (
    <Fieldset legend={words.target} p="sm" aria-describedby={error ? 'target-error' : undefined}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {words.targetHint}
        </Text>
        {error && (
          <Input.Error id="target-error" role="alert">
            {error}
          </Input.Error>
        )}
        <DurationField
          label={words.firstAnswer}
          value={value.firstAnswer}
          path={path}
          onChange={(firstAnswer) => change({ firstAnswer })}
        />
        <DurationField
          label={words.completion}
          value={value.completion}
          onChange={(completion) => change({ completion })}
        />
        <Checkbox
          label={words.businessHours}
          checked={value.hours !== undefined}
          onChange={({ currentTarget }) => change({ hours: currentTarget.checked ? usualHours() : undefined })}
        />
        {value.hours && <HoursFields value={value.hours} onChange={(hours) => change({ hours })} />}
      </Stack>
    </Fieldset>
  );
}

interface DurationFieldProps {
  readonly label: string;
  readonly value: EnteredDuration;
  readonly onChange: (value: EnteredDuration) => void;
  readonly path?: string;
}

function DurationField({ label, value, onChange, path }: DurationFieldProps) {
  const { board: words } = useDeskWords();
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <TextInput
        label={label}
        inputMode="numeric"
        placeholder={words.noTarget}
        maxLength={6}
        value={value.amount}
        data-path={path}
        onChange={({ currentTarget }) => onChange({ ...value, amount: currentTarget.value })}
        flex={1}
      />
      <NativeSelect
        aria-label={words.unitOf(label)}
        value={value.unit}
        onChange={({ currentTarget }) => onChange({ ...value, unit: currentTarget.value as EnteredDuration['unit'] })}
        data={durationUnits.map((unit) => ({ value: unit, label: words.units[unit] }))}
      />
    </Group>
  );
}

interface HoursFieldsProps {
  readonly value: EnteredHours;
  readonly onChange: (value: EnteredHours) => void;
}

/** A Sunday, from which the names of the days are counted. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];

function HoursFields({ value, onChange }: HoursFieldsProps) {
  const { locale } = useWords();
  const { board: words } = useDeskWords();
  const zones = Intl.supportedValuesOf('timeZone');
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const change = (changed: Partial<EnteredHours>) => onChange({ ...value, ...changed });
  return (
    <>
      <NativeSelect
        label={words.timeZone}
        value={value.timeZone}
        onChange={({ currentTarget }) => change({ timeZone: currentTarget.value })}
        data={zones.includes(value.timeZone) ? zones : [value.timeZone, ...zones]}
      />
      <Stack gap={6}>
        {MONDAY_FIRST.map((day) => (
          <DayField
            key={day}
            name={format.format(SUNDAY + day * DAY_MS)}
            value={value.week[day] as EnteredDay}
            onChange={(changed) => change({ week: value.week.with(day, changed) })}
          />
        ))}
      </Stack>
      <TagsInput
        label={words.holidays}
        description={words.holidaysHint}
        value={[...value.holidays]}
        onChange={(holidays) => change({ holidays })}
        maxTags={400}
      />
    </>
  );
}

interface DayFieldProps {
  readonly name: string;
  readonly value: EnteredDay;
  readonly onChange: (value: EnteredDay) => void;
}

function DayField({ name, value, onChange }: DayFieldProps) {
  const { board: words } = useDeskWords();
  return (
    <Group gap={6} mih={36}>
      <Checkbox
        label={name}
        w={110}
        checked={value.isOpen}
        onChange={({ currentTarget }) => onChange({ ...value, isOpen: currentTarget.checked })}
      />
      {value.isOpen && value.several && (
        <Text size="sm" c="dimmed">
          {words.moreHours}
        </Text>
      )}
      {value.isOpen && !value.several && (
        <Group gap={6} wrap="nowrap">
          <TextInput
            type="time"
            size="xs"
            aria-label={words.opens(name)}
            value={value.from}
            onChange={({ currentTarget }) => onChange({ ...value, from: currentTarget.value })}
          />
          <Text size="sm">{words.until}</Text>
          <TextInput
            type="time"
            size="xs"
            aria-label={words.closes(name)}
            value={value.to}
            onChange={({ currentTarget }) => onChange({ ...value, to: currentTarget.value })}
          />
        </Group>
      )}
    </Group>
  );
}
