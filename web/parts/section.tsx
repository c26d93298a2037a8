import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** Of words and of fields in one column, in pixels: wider lines are hard to read, and wider panels would look empty. */
export const READING_WIDTH = 720;

interface SectionProps {
  readonly title: string;
  readonly what?: string;
  /** True for one column of fields: the section ends where they do. */
  readonly isForm?: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page, with its title, what it is for, and its actions. */
export function Section({ title, what, isForm = false, actions, children }: SectionProps) {
  const id = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={id} {...(isForm && { maw: READING_WIDTH })}>
      <Group justify="space-between" align="end" gap="sm">
        <Stack gap={2} maw={READING_WIDTH}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {what !== undefined && (
            <Text size="sm" c="dimmed">
              {what}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
