import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../shell/languages.tsx';
import { PageHeader } from './page-header.tsx';
import { ProblemNotice } from './problem-notice.tsx';

interface UnloadedPageProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Above the title: the page's place in the navigation. */
  readonly above?: ReactNode;
}

/** The place of a page that could not be loaded. */
export function UnloadedPage({ error, onRetry, above }: UnloadedPageProps) {
  const { common } = useWords();
  return (
    <Stack gap="md">
      <PageHeader above={above} title={common.notLoaded} />
      <ProblemNotice error={error} onRetry={onRetry} />
    </Stack>
  );
}
