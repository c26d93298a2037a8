import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeader } from '../parts/page-header.tsx';
import { useWords } from './languages.tsx';
import { type Permission, useMay, useMe } from './session.ts';

interface GuardedProps {
  readonly permission: Permission;
  readonly children: ReactNode;
}

/** The page for who may see it; a polite word for everybody else who has the link. */
export function Guarded({ permission, children }: GuardedProps) {
  const { common } = useWords();
  const me = useMe().data;
  if (useMay(permission)) return children;
  return (
    <Stack>
      <PageHeader title={common.notPermitted} />
      <Text size="sm">{common.notPermittedWhat(me?.profile ?? '')}</Text>
    </Stack>
  );
}
