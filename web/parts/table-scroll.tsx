import { type ReactNode, useEffect, useRef, useState } from 'react';

interface TableScrollProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** A container for a table, or lines of a text, that may be wider than the window: it scrolls sideways, also by keyboard. */
export function TableScroll({ className = '', children }: TableScrollProps) {
  const room = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = room.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={room} className={`table-scroll ${className}`} {...(scrolls && { tabIndex: 0 })}>
      {children}
    </div>
  );
}
