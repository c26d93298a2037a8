import { Table, Text } from '@mantine/core';
import { formatDuration } from '../parts/format-duration.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';

interface WaitedProps {
  readonly of: { readonly firstAnswerP50Seconds: number | null; readonly firstAnswerP90Seconds: number | null };
}

/** The titles of the two columns of `WaitedCells`. */
export function WaitedTitles() {
  const { board: words } = useDeskWords();
  return (
    <>
      <Table.Th className="numeric">{words.half}</Table.Th>
      <Table.Th className="numeric">{words.nine}</Table.Th>
    </>
  );
}

/** How long senders waited for the first answer: half of them, and nine of ten. */
export function WaitedCells({ of: { firstAnswerP50Seconds: half, firstAnswerP90Seconds: nine } }: WaitedProps) {
  const { locale } = useWords();
  return (
    <>
      <Table.Td className="numeric">{half !== null && formatDuration(half, locale)}</Table.Td>
      <Table.Td className="numeric">{nine !== null && formatDuration(nine, locale)}</Table.Td>
    </>
  );
}

/** The same as a line, for narrow windows. */
export function WaitedLine({ of: { firstAnswerP50Seconds: half, firstAnswerP90Seconds: nine } }: WaitedProps) {
  const { locale } = useWords();
  const { board: words } = useDeskWords();
  if (half === null || nine === null) return null;
  return (
    <Text size="xs" c="dimmed">
      {words.waitOf(formatDuration(half, locale), formatDuration(nine, locale))}
    </Text>
  );
}
