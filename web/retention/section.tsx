import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly what: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page, with its title, what it is for, and its actions. */
export function Section({ title, what, actions, children }: SectionProps) {
  const id = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={id}>
      <Group justify="space-between" align="end" gap="sm">
        <Stack gap={2} maw={720}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {what}
          </Text>
        </Stack>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
