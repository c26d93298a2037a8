import type { ReactNode } from 'react';

interface AlternativesProps {
  /** The index of the text that is shown, from 0. */
  readonly shown: number;
  readonly children: readonly ReactNode[];
}

/** Several texts of which one is shown, in the space of the longest, so that switching moves nothing. */
export function Alternatives({ shown, children }: AlternativesProps) {
  return (
    <span className="alternatives">
      {children.map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: only their positions distinguish them.
        <span key={index} aria-hidden={index !== shown} data-shown={index === shown}>
          {child}
        </span>
      ))}
    </span>
  );
}
