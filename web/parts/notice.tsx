import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

interface NoticeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** True: screen readers announce it at once, even when it appears later. */
  readonly urgent?: boolean;
}

/** A short message with actions. */
export function Notice({ tone, children, actions, urgent = false }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={urgent ? 'alert' : undefined}>
      <Group justify="space-between" gap="sm">
        <div>{children}</div>
        {actions !== undefined && (
          <Group gap="xs" className="notice-actions">
            {actions}
          </Group>
        )}
      </Group>
    </div>
  );
}
