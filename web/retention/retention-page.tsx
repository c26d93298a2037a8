import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TableSkeleton } from '../parts/table-skeleton.tsx';
import { Guarded } from '../shell/guarded.tsx';
import { useDeskWords } from '../shell/languages.tsx';
import { useMay } from '../shell/session.ts';
import { Erasures } from './erasures.tsx';
import { Holds } from './holds.tsx';
import { MailExport } from './mail-export.tsx';
import { PeriodsForm } from './periods-form.tsx';
import { erasuresQuery, holdsQuery, retentionQuery } from './retention-query.ts';

/** Admin > Retention: how long things are kept, holds, erasures, and copies of a sender's mail. */
export function RetentionPage() {
  return (
    <Guarded permission="retention.change">
      <Retention />
    </Guarded>
  );
}

function Retention() {
  const { retention: words } = useDeskWords();
  const mayRead = useMay('items.read');
  // From the page of an item.
  const itemId = useSearchParams()[0].get('item') ?? undefined;
  const { data, error, refetch } = useQuery(retentionQuery);
  const [holds, erasures] = [useQuery(holdsQuery), useQuery(erasuresQuery)];
  // All at once, so that nothing moves.
  const isLoading = data === undefined || holds.isPending || erasures.isPending;
  return (
    <Stack gap="xl">
      <PageHeader title={words.title} lead={words.lead} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {isLoading && !error && (
        <div className="panel">
          <TableSkeleton rows={12} />
        </div>
      )}
      {!isLoading && (
        <>
          <PeriodsForm key={data.version} retention={data} />
          <Holds itemId={itemId} />
          <Erasures itemId={itemId} />
          {mayRead && <MailExport />}
        </>
      )}
    </Stack>
  );
}
