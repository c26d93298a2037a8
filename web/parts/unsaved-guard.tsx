import { Button, Group, Stack, Text } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { type BlockerFunction, useBlocker } from 'react-router';
import { useWords } from '../shell/languages.tsx';
import { Dialog } from './dialog.tsx';

interface UnsavedGuardProps {
  readonly isUnsaved: boolean;
  /** What would be lost. */
  readonly what: string;
  /** Called when the user leaves anyway. */
  readonly onLeave?: () => void;
}

/** Asks before the user leaves the page, or closes the tab, with unsaved changes. */
export function UnsavedGuard({ isUnsaved, what, onLeave }: UnsavedGuardProps) {
  const { leaving: words } = useWords();
  const isLeaving: BlockerFunction = useCallback(
    ({ currentLocation, nextLocation }) => isUnsaved && currentLocation.pathname !== nextLocation.pathname,
    [isUnsaved],
  );
  const blocker = useBlocker(isLeaving);
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
  if (blocker.state !== 'blocked') return null;
  return (
    <Dialog onClose={blocker.reset} title={words.title}>
      <Stack>
        <Text size="sm">{what}</Text>
        <Group justify="end" gap="xs">
          <Button
            variant="default"
            onClick={() => {
              onLeave?.();
              blocker.proceed();
            }}
          >
            {words.leave}
          </Button>
          <Button onClick={blocker.reset} data-autofocus>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
