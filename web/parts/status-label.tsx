import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

/** A coloured dot beside words with the same meaning. */
export function StatusLabel({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="status" data-tone={tone}>
      <span>{children}</span>
    </span>
  );
}
