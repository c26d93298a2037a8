import { Button, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useLocation } from 'react-router';
import { Notice } from '../parts/notice.tsx';
import { LanguageSelect } from './language-select.tsx';
import { useWords } from './languages.tsx';
import { pageFacts } from './page-facts.ts';

/** One button. It leads back to the address at which it is shown. */
export function SignInPage({ ended }: { readonly ended: boolean }) {
  const { signIn } = useWords();
  const { pathname, search } = useLocation();
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder radius="md" p="xl" maw={440} w="100%">
        <Stack gap="lg">
          <Group justify="space-between">
            <Group gap="xs">
              <img src="/icon.svg" alt="" width={24} height={24} />
              <Text fw={600}>Mailroom</Text>
            </Group>
            <LanguageSelect />
          </Group>
          <Stack gap="xs" role={ended ? 'alert' : undefined}>
            <Title order={1}>{ended ? signIn.ended : signIn.title}</Title>
            <Text c="dimmed" size="sm">
              {ended ? signIn.endedWhat : signIn.what}
            </Text>
          </Stack>
          {pageFacts.canSignIn ? (
            <Button
              component="a"
              href={`/auth/sign-in?returnTo=${encodeURIComponent(pathname + search)}`}
              size="md"
              data-autofocus
            >
              {signIn.button}
            </Button>
          ) : (
            <Notice tone="warn">{signIn.noProvider}</Notice>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
