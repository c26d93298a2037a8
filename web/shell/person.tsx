import { Button, NativeSelect, SimpleGrid, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { LanguageSelect } from './language-select.tsx';
import { useWords } from './languages.tsx';
import { ME } from './session.ts';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Who is signed in, how the pages look to them, and the way out. */
export function Person({ me }: { readonly me: Schemas['Me'] }) {
  const { shell } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const signOut = useMutation({
    // The answer to who accepts JSON; browsers that send the form get a page.
    mutationFn: async () => {
      // What is asked meanwhile would be refused: the session ends.
      await queryClient.cancelQueries();
      return (await take(api.POST('/auth/sign-out'))) as { signOutUrl: string | null };
    },
    onSuccess: ({ signOutUrl }) => {
      queryClient.clear();
      if (signOutUrl !== null) location.assign(signOutUrl);
      else queryClient.setQueryData(ME, null);
    },
  });
  return (
    <Stack gap="xs" component="section" aria-label={shell.account} px={4}>
      <div>
        <Text size="sm" fw={500} truncate title={me.name}>
          {me.displayName || me.name}
        </Text>
        <Text size="xs" c="dimmed">
          {me.profile}
        </Text>
      </div>
      <SimpleGrid cols={2} spacing={6}>
        <LanguageSelect />
        <NativeSelect
          size="xs"
          aria-label={shell.theme}
          value={colorScheme}
          onChange={(event) => setColorScheme(event.currentTarget.value as Theme)}
          data={themes.map((value) => ({ value, label: shell.themes[value] }))}
        />
      </SimpleGrid>
      {signOut.error && <ProblemNotice error={signOut.error} />}
      <Button
        variant="default"
        size="xs"
        leftSection={<Icon name="leave" size={14} />}
        onClick={() => signOut.mutate()}
        loading={signOut.isPending}
      >
        {shell.signOut}
      </Button>
    </Stack>
  );
}
