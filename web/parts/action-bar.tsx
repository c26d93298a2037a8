import { Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface ActionBarProps {
  /** What it is about, for screen readers. */
  readonly label: string;
  /** Above the buttons: what became of pressing them. */
  readonly above?: ReactNode;
  readonly children: ReactNode;
}

/**
 * What can be done with unsaved changes, or with what is ticked. At the window's lower edge, whatever happens to the page:
 * its buttons stand still, and appearing it moves nothing. The page leaves room for it by `ActionBarRoom`.
 */
export function ActionBar({ label, above, children }: ActionBarProps) {
  return (
    <section className="action-bar" aria-label={label}>
      {above && <div className="action-bar-above">{above}</div>}
      <Group gap="xs">{children}</Group>
    </section>
  );
}

/** At the end of a page on which the bar may appear, so that nothing lies hidden behind it. */
export function ActionBarRoom() {
  return <div className="action-bar-room" />;
}
