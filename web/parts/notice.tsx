import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

interface NoticeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** True: read out at once, also when it appears later. */
  readonly urgent?: boolean;
}

/** A few sentences that matter, with what can be done about them. */
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
