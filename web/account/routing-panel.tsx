import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queuesQuery } from '../queues/queues-query.ts';
import { RoutingEditor } from './routing-editor.tsx';
import { routingQuery } from './routing-query.ts';

/** The routing of an account, once it and the queues are loaded. */
export function RoutingPanel({ accountId }: { readonly accountId: string }) {
  const routing = useQuery(routingQuery(accountId));
  const queues = useQuery(queuesQuery);
  const error = routing.error ?? queues.error;
  if (routing.data && queues.data) {
    return <RoutingEditor accountId={accountId} saved={routing.data} queues={queues.data} />;
  }
  if (error) {
    return (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void routing.refetch();
          void queues.refetch();
        }}
      />
    );
  }
  return <Skeleton className="routing-skeleton" radius="md" />;
}
