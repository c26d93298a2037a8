import { Group } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface ActionBarProps {
  /** The subject of the actions, for screen readers. */
  readonly label: string;
  /** Above the buttons: the outcome of pressing them. */
  readonly above?: ReactNode;
  readonly children: ReactNode;
}

/**
 * Actions for unsaved changes or for ticked rows. Fixed to the lower edge of the window: its buttons do not move with
 * the page, and its appearance moves nothing. The page reserves space with `ActionBarRoom`, as much as the bar takes:
 * on a telephone its buttons need several lines.
 */
export function ActionBar({ label, above, children }: ActionBarProps) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const { current } = bar;
    if (!current) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--action-bar', `${current.offsetHeight}px`));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={bar} className="action-bar" aria-label={label}>
      {above && <div className="action-bar-above">{above}</div>}
      <Group gap="xs">{children}</Group>
    </section>
  );
}

/** At the end of a page with an action bar, so that the bar hides nothing. */
export function ActionBarRoom() {
  return <div className="action-bar-room" />;
}
