import { Button, Text } from '@mantine/core';
import { ProblemError } from '../api/problem-error.ts';
import { useWords } from '../shell/languages.tsx';
import { Notice } from './notice.tsx';
import { ServerWords } from './server-words.tsx';

interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong in words, and a way to try again. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const { common } = useWords();
  const facts = error instanceof ProblemError ? error.facts : undefined;
  return (
    <Notice
      tone="bad"
      urgent
      actions={
        onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            {common.retry}
          </Button>
        )
      }
    >
      {facts?.kind === 'offline' ? (
        common.offline
      ) : facts?.detail !== undefined ? (
        <ServerWords>{facts.detail}</ServerWords>
      ) : facts?.kind === 'unavailable' ? (
        common.unavailable
      ) : (
        common.unexpected
      )}
      {facts?.reference !== undefined && facts.status >= 500 && (
        <Text size="xs" c="dimmed">
          {common.reference(facts.reference)}
        </Text>
      )}
    </Notice>
  );
}
