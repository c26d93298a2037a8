import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useWords } from './languages.tsx';

/** When a page itself fails, or its code cannot be loaded (as after an update of Mailroom). */
export function BrokenPage() {
  const { common } = useWords();
  return (
    <Center mih="60vh" component="main">
      <Stack align="center">
        <Title order={1}>{common.unexpected}</Title>
        <Text size="sm">{common.stale}</Text>
        <Button onClick={() => location.reload()}>{common.retry}</Button>
      </Stack>
    </Center>
  );
}
