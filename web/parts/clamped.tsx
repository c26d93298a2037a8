import { Anchor } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../shell/languages.tsx';

interface ClampedProps {
  readonly lines: number;
  readonly children: ReactNode;
}

/** A text from outside, of any length: its first lines, and the rest on demand. */
export function Clamped({ lines, children }: ClampedProps) {
  const { common } = useWords();
  const text = useRef<HTMLSpanElement>(null);
  const [showsAll, setShowsAll] = useState(false);
  const [isCut, setCut] = useState(false);
  // Before painting, so that nothing moves when the link appears.
  useLayoutEffect(() => {
    const element = text.current;
    if (!element || showsAll) return;
    const measure = () => setCut(element.scrollHeight > element.clientHeight + 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [showsAll]);
  return (
    <>
      <span ref={text} className={showsAll ? undefined : 'clamped'} style={{ WebkitLineClamp: lines }}>
        {children}
      </span>
      {(isCut || showsAll) && (
        <Anchor component="button" type="button" size="sm" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? common.showLess : common.showAll}
        </Anchor>
      )}
    </>
  );
}
