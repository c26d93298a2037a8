import { Text } from '@mantine/core';

interface MarkedSubjectProps {
  readonly subject: string;
  /** In UTF-16 units. */
  readonly matched: { readonly start: number; readonly end: number } | null;
}

/** The subject, with the matched part marked. */
export function MarkedSubject({ subject, matched }: MarkedSubjectProps) {
  return (
    <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
      {matched === null ? (
        subject
      ) : (
        <>
          {subject.slice(0, matched.start)}
          <mark>{subject.slice(matched.start, matched.end)}</mark>
          {subject.slice(matched.end)}
        </>
      )}
    </Text>
  );
}
