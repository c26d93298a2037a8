import { Button, Loader, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ProblemError } from '../api/problem-error.ts';
import { useWords } from '../shell/languages.tsx';
import { Notice } from './notice.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** Most answers arrive within this time, in milliseconds; a notice appears only after it. */
const SILENT_FOR_MS = 2_000;
/** More columns than any table has, so that the row spans all of them. */
const MOST_COLUMNS = 20;
/** Interval between reloads of the page while the outcome of a command is unknown. */
const LOOK_AGAIN_EVERY_MS = 3_000;

/** What is shown of a mutation. */
export interface ShownRequest {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly submittedAt: number;
}

interface RequestNoticeProps {
  readonly request: ShownRequest;
  readonly onRetry?: (() => void) | undefined;
}

/** The state of a request, shown where it was made: no answer yet, refused, or unknown. */
export function RequestNotice({ request, onRetry }: RequestNoticeProps) {
  const { common } = useWords();
  const { isPending, error, submittedAt } = request;
  const isLong = useIsLong(request);
  if (isLong) {
    return (
      <Text size="sm" c="dimmed" component="div" role="status">
        <Loader size={14} type="oval" mr={8} style={{ verticalAlign: -2 }} />
        {common.waiting}
      </Text>
    );
  }
  if (isPending || !error) return null;
  if (error instanceof ProblemError && error.details.isOutcomeUnknown === true) {
    return <UnknownOutcome key={submittedAt} error={error} />;
  }
  return <ProblemNotice error={error} {...(onRetry && { onRetry })} />;
}

/** The same as a table row, below the row of the request. */
export function RequestRow(props: RequestNoticeProps) {
  const { isPending, error } = props.request;
  const isLong = useIsLong(props.request);
  if (!isLong && (isPending || !error)) return null;
  return (
    <Table.Tr>
      <Table.Td colSpan={MOST_COLUMNS}>
        <RequestNotice {...props} />
      </Table.Td>
    </Table.Tr>
  );
}

/** True for a request that has been unanswered for so long that a notice is due. */
function useIsLong({ isPending, submittedAt }: ShownRequest): boolean {
  const [longSince, setLongSince] = useState<number>();
  useEffect(() => {
    if (!isPending) return;
    const timer = setTimeout(() => setLongSince(submittedAt), submittedAt + SILENT_FOR_MS - Date.now());
    return () => clearTimeout(timer);
  }, [isPending, submittedAt]);
  return isPending && longSince === submittedAt;
}

/** Reloads until everything on the page was read after the request: then the page itself shows the outcome. */
function UnknownOutcome({ error }: { readonly error: ProblemError }) {
  const { common } = useWords();
  const isRead = useReadSince();
  const queryClient = useQueryClient();
  if (isRead) {
    return (
      <Notice tone="good" urgent>
        {common.readAgain}
      </Notice>
    );
  }
  return (
    <Notice
      tone="warn"
      urgent
      actions={
        <Button size="compact-sm" variant="default" onClick={() => void queryClient.invalidateQueries()}>
          {common.lookAgain}
        </Button>
      }
    >
      {common.outcomeUnknown(error.details.afterSeconds)} {common.readingAgain}
    </Notice>
  );
}

/** True once every query of the page has an answer requested after this began. */
function useReadSince(): boolean {
  const queryClient = useQueryClient();
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const since = Date.now();
    const look = () => queryClient.invalidateQueries({}, { cancelRefetch: false });
    const timer = setInterval(look, LOOK_AGAIN_EVERY_MS);
    const cache = queryClient.getQueryCache();
    const unsubscribe = cache.subscribe(() => {
      const shown = cache.getAll().filter((query) => query.isActive());
      if (!shown.every(({ state }) => state.status === 'success' && state.dataUpdatedAt > since)) return;
      stop();
      setRead(true);
    });
    const stop = () => {
      clearInterval(timer);
      unsubscribe();
    };
    void look();
    return stop;
  }, [queryClient]);
  return isRead;
}
