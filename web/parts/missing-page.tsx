import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeader } from './page-header.tsx';

interface MissingPageProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Where to go instead. */
  readonly action: ReactNode;
}

/** A page whose subject does not exist (any more). */
export function MissingPage({ title, children, action }: MissingPageProps) {
  return (
    <Stack gap="sm" align="start">
      <PageHeader title={title} />
      <Text size="sm">{children}</Text>
      {action}
    </Stack>
  );
}
