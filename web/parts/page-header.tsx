import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Address } from './address.tsx';
import { Clamped } from './clamped.tsx';

/** A longer title would push the page's content away. */
const MOST_LINES = 3;
const LONGEST_TAB_TITLE = 120;

interface PageHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Above the title: the page's place in the navigation. */
  readonly above?: ReactNode;
  /** Beside the title: actions. */
  readonly actions?: ReactNode;
  /** Below, over the whole width: why an action was refused. */
  readonly problem?: ReactNode;
}

/** The title of a page and of its tab. It takes the focus, so that screen readers begin there. */
export function PageHeader({ title, lead, above, actions, problem }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title.length > LONGEST_TAB_TITLE ? `${title.slice(0, LONGEST_TAB_TITLE)}…` : title} · Mailroom`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Group justify="space-between" align="end" gap="sm">
      <Stack gap={4} miw={0} className="page-title">
        {above}
        <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
          <Clamped lines={MOST_LINES}>
            <Address>{title}</Address>
          </Clamped>
        </Title>
        {lead !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {lead}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
      {problem && <div className="page-problem">{problem}</div>}
    </Group>
  );
}
