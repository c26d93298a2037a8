import { Button, NativeSelect, SimpleGrid, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { SignatureButton } from '../answers/signature-button.tsx';
import type { Schemas } from '../api/client.ts';
import { LanguageSelect } from './language-select.tsx';
import { useWords } from './languages.tsx';
import { KeyboardButton } from './shortcuts.tsx';
import { ASKED_TO_SIGN_OUT } from './sign-out-page.tsx';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** The signed-in person, their display settings, and the sign-out. */
export function Person({ me }: { readonly me: Schemas['Me'] }) {
  const { shell } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  return (
    <Stack gap="xs" component="section" aria-label={shell.account}>
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
        <SignatureButton />
        <KeyboardButton />
        <Button variant="default" size="xs" px={4} component={Link} to="/sessions">
          {shell.sessions}
        </Button>
        <Button
          variant="default"
          size="xs"
          px={4}
          onClick={() => void navigate('/sign-out', { state: ASKED_TO_SIGN_OUT })}
        >
          {shell.signOut}
        </Button>
      </SimpleGrid>
    </Stack>
  );
}
