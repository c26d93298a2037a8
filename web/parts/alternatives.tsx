import type { ReactNode } from 'react';

interface AlternativesProps {
  /** Which of them is shown, counted from 0. */
  readonly shown: number;
  readonly children: readonly ReactNode[];
}

/** Several texts of which one is shown, in the room of the longest: one in the place of another moves nothing. */
export function Alternatives({ shown, children }: AlternativesProps) {
  return (
    <span className="alternatives">
      {children.map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their places are what tells them apart.
        <span key={index} aria-hidden={index !== shown} data-shown={index === shown}>
          {child}
        </span>
      ))}
    </span>
  );
}
