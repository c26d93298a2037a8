/** What the checker can find; the names are stable. */
export const verdicts = [
  'mail lost',
  'mail doubled',
  'mail routed although it was left out',
  'mail that nobody sent',
  'message without an item',
  'wrong queue',
  'outdated rules',
  'mail routed while disabled',
  'answer not true',
  'overtaken commands',
  'commands judged by an old state',
  'change without a command',
  'saved rules lost',
  'sign-in asked for without need',
  'unexpected error',
  'item held by two',
  'completed item back',
  'completion lost',
  'completion invented',
  'row, workflow and reading disagree',
  'account not read',
  'completeness not true',
  'not at rest in time',
] as const;
export type Verdict = (typeof verdicts)[number];

/** Known problems that will be fixed: they fail only a strict run. There are none at present. */
export const knownDefects = [] as const;
type KnownDefect = (typeof knownDefects)[number];

export interface Finding {
  readonly verdict: Verdict | KnownDefect;
  /** What was found, with its evidence. */
  readonly what: string;
}

export function isKnown({ verdict }: Finding): boolean {
  return (knownDefects as readonly string[]).includes(verdict);
}
