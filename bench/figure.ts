/** One measured number. */
export interface Figure {
  /** What it is; shown after the case's name: `10 mailboxes, ratio`. */
  readonly what: string;
  readonly value: number;
  /** `s`, `ms`, `MB`, `mails/s` and the like; empty for a ratio. */
  readonly unit: string;
  readonly goal?: Goal;
}

/** The goal of the design (issue 5, the design's section 7). */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export function meets({ value, goal }: Figure): boolean {
  if (goal === undefined) return true;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
