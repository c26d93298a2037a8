import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { MissingPage } from '../parts/missing-page.tsx';
import { useWords } from './languages.tsx';
import { type Permission, useMay, useMe } from './session.ts';

interface GuardedProps {
  readonly permission: Permission;
  readonly children: ReactNode;
}

/** The page, for users with the permission; an explanation for others with the link. */
export function Guarded({ permission, children }: GuardedProps) {
  const { common } = useWords();
  const me = useMe().data;
  if (useMay(permission)) return children;
  return (
    <MissingPage
      title={common.notPermitted}
      action={
        <Anchor component={Link} to="/" size="sm">
          {common.toStart}
        </Anchor>
      }
    >
      {common.notPermittedWhat(me?.profile ?? '')}
    </MissingPage>
  );
}
