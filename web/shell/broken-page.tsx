import { Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouteError } from 'react-router';
import { ProblemError } from '../api/problem-error.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useWords } from './languages.tsx';
import { CodeNotLoaded } from './load-code.ts';

/** In milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Replaces a page that failed, or whose code did not load. */
export function BrokenPage() {
  const { common } = useWords();
  const isNotLoaded = useRouteError() instanceof CodeNotLoaded;
  // Without a server, a reload would end on the browser's own error page, without a way back.
  const reload = useMutation({ mutationFn: askForAnswer, onSuccess: () => location.reload() });
  return (
    <Stack align="start">
      <PageHeader title={isNotLoaded ? common.notLoaded : common.broken} />
      {reload.error ? (
        <ProblemNotice error={reload.error} />
      ) : (
        <Text size="sm">{isNotLoaded ? common.notLoadedWhat : `${common.unexpected} ${common.stale}`}</Text>
      )}
      <Button onClick={() => reload.mutate()} loading={reload.isPending}>
        {common.retry}
      </Button>
    </Stack>
  );
}

/** Throws a ProblemError when the server does not answer. */
async function askForAnswer(): Promise<void> {
  try {
    await fetch(location.href, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch (cause) {
    throw new ProblemError({ status: 0, kind: 'offline' }, { cause });
  }
}
