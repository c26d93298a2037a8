import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { type BlockerFunction, useBlocker } from 'react-router';
import { useWords } from '../shell/languages.tsx';

/** Asks before somebody leaves the page, or closes the tab, with changes that are not saved. */
export function UnsavedGuard({ isUnsaved }: { readonly isUnsaved: boolean }) {
  const { routing: words, common } = useWords();
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
    <Modal opened onClose={blocker.reset} title={words.leaveTitle} closeButtonProps={{ 'aria-label': common.close }}>
      <Stack>
        <Text size="sm">{words.leaveWhat}</Text>
        <Group justify="end" gap="xs">
          <Button variant="default" onClick={blocker.proceed}>
            {words.leave}
          </Button>
          <Button onClick={blocker.reset} data-autofocus>
            {words.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
