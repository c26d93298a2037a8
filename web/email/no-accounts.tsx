import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { EmptyState } from '../parts/empty-state.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { settingsQuery } from './settings-query.ts';

interface NoAccountsProps {
  readonly onAdd: () => void;
  readonly onMany: () => void;
}

/** The first step: the global properties if they are missing, then an account. */
export function NoAccounts({ onAdd, onMany }: NoAccountsProps) {
  const { accounts } = useWords();
  const mayChange = useMay('accounts.change');
  const settings = useQuery({ ...settingsQuery, enabled: mayChange });
  if (!mayChange) return <EmptyState title={accounts.emptyTitle}>{accounts.emptyRead}</EmptyState>;
  const isMissing = settings.data?.configured === false;
  return (
    <EmptyState
      title={accounts.emptyTitle}
      action={
        <Group gap="xs">
          {isMissing ? (
            <Button component={Link} to="/config/email/settings">
              {accounts.toSettings}
            </Button>
          ) : (
            <>
              <Button onClick={onAdd}>{accounts.add}</Button>
              <Button variant="default" onClick={onMany}>
                {accounts.many}
              </Button>
            </>
          )}
        </Group>
      }
    >
      {isMissing ? accounts.emptySettings : accounts.emptyWhat}
    </EmptyState>
  );
}
