import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageSelect } from './language-select.tsx';

interface FrontPageProps {
  readonly title: string;
  readonly what?: string | undefined;
  /** True: announced at once. */
  readonly urgent?: boolean;
  /** The actions. */
  readonly children: ReactNode;
}

/** A page outside the navigation: one message and one action. */
export function FrontPage({ title, what, urgent = false, children }: FrontPageProps) {
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
          <Stack gap="xs" role={urgent ? 'alert' : undefined}>
            <Title order={1}>{title}</Title>
            {what !== undefined && (
              <Text c="dimmed" size="sm">
                {what}
              </Text>
            )}
          </Stack>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
