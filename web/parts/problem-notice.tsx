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
          {details?.reason === 'recent-sign-in-needed' && (
            // In a tab of its own: what was entered stays here.
            <Button
              component="a"
              size="compact-sm"
              variant="default"
              target="_blank"
              href={stepUpHref(details.facts?.acr)}
            >
              {common.confirmIdentity}
            </Button>
          )}
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

/** `acr`: how the person has to confirm, where that is not what is set. */
function stepUpHref(acr: unknown): string {
  return typeof acr === 'string' ? `/auth/step-up?acr=${encodeURIComponent(acr)}` : '/auth/step-up';
}
