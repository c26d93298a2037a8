import { Button, Text } from '@mantine/core';
import { ProblemError } from '../api/problem-error.ts';
import { useWords } from '../shell/languages.tsx';
import { Notice } from './notice.tsx';
import { ProblemLinks } from './problem-links.tsx';
import { ProblemWords } from './problem-words.tsx';

interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** An error in words, with a button to try again. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const { common } = useWords();
  const details = error instanceof ProblemError ? error.details : undefined;
  return (
    <Notice
      tone="bad"
      urgent
      actions={
        <>
          {details && <ProblemLinks kind={details.kind} {...(details.facts && { facts: details.facts })} />}
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {common.retry}
            </Button>
          )}
        </>
      }
    >
      <ProblemWords error={error} />
      {details?.reference !== undefined && details.status >= 500 && (
        <Text size="xs" c="dimmed">
          {common.reference(details.reference)}
        </Text>
      )}
    </Notice>
  );
}
