import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, take } from '../api/client.ts';
import { isKind } from '../api/problem-error.ts';
import { BackLink } from '../parts/back-link.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Icon } from '../parts/icon.tsx';
import { MissingPage } from '../parts/missing-page.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RemovalDialog } from '../parts/removal-dialog.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { usersQuery } from '../users/users-query.ts';
import { LimitsForm } from './limits-form.tsx';
import { limitsQuery, sessionsQuery } from './sessions-query.ts';
import { SessionsTable } from './sessions-table.tsx';

/** One's own sessions, or with `?user=<id>` those of another user; for administrators also the limits. */
export function SessionsPage() {
  const { sessions: words } = useDeskWords();
  const { common, shell } = useWords();
  const mayChange = useMay('users.change');
  const userId = useSearchParams()[0].get('user') ?? undefined;
  const [isEnding, setEnding] = useState(false);
  const { data, error, refetch } = useQuery(sessionsQuery(userId));
  const users = useQuery({ ...usersQuery, enabled: userId !== undefined });
  const limits = useQuery({ ...limitsQuery, enabled: mayChange && userId === undefined });
  const email = userId && (users.data?.find(({ id }) => id === userId)?.email ?? '…');
  const isLoading = !data || (limits.isPending && limits.isEnabled);
  const endAll = () =>
    userId === undefined
      ? take(api.DELETE('/api/v1/me/sessions'))
      : take(api.DELETE('/api/v1/users/{id}/sessions', { params: { path: { id: userId } } }));
  if (isKind(error, 'not-found')) {
    return (
      <MissingPage title={common.notFound} action={<BackLink to="/admin/users">{shell.users}</BackLink>}>
        {common.notFoundWhat}
      </MissingPage>
    );
  }
  return (
    <Stack gap="xl">
      <PageHeader
        title={words.title}
        lead={email ? words.leadOf(email) : words.lead}
        actions={
          (userId === undefined || (mayChange && data?.length !== 0)) && (
            <Button variant="default" leftSection={<Icon name="leave" />} onClick={() => setEnding(true)}>
              {words.everywhere}
            </Button>
          )
        }
      />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {isLoading && !error && (
        <div className="panel">
          <TableSkeleton rows={3} />
        </div>
      )}
      {!isLoading && data.length === 0 && <EmptyState title={words.none}>{words.noneWhat}</EmptyState>}
      {!isLoading && data.length > 0 && <SessionsTable sessions={data} mayEnd={userId === undefined} />}
      {!isLoading && limits.data && <LimitsForm key={limits.data.version} limits={limits.data} />}
      {isEnding && (
        <RemovalDialog
          title={email ? words.everywhereTitleOf(email) : words.everywhereTitle}
          what={email ? words.everywhereWhatOf : words.everywhereWhat}
          action={words.everywhere}
          removed={words.signedOut}
          remove={endAll}
          listKey={userId === undefined ? ['me'] : sessionsQuery(userId).queryKey}
          onClose={() => setEnding(false)}
        />
      )}
    </Stack>
  );
}
