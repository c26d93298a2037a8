import { Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface FormActionsProps {
  /** The outcome of pressing them. */
  readonly below?: ReactNode;
  readonly children: ReactNode;
}

/**
 * The buttons of a form: in dialogs at their end, on pages where the fields begin. Their outcome appears below them, so
 * that it does not move them away from the mouse.
 */
export function FormActions({ below, children }: FormActionsProps) {
  return (
    <Stack gap="sm">
      <Group gap="xs" className="form-actions">
        {children}
      </Group>
      {below}
    </Stack>
  );
}
