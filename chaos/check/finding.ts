/** What the checker can find, each by a name that stays. */
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

/** What is known, and will be mended: a run passes in spite of it, and only a strict one fails. There is none at present. */
export const knownDefects = [] as const;
type KnownDefect = (typeof knownDefects)[number];

export interface Finding {
  readonly verdict: Verdict | KnownDefect;
  /** In words, with what shows it. */
  readonly what: string;
}

export function isKnown({ verdict }: Finding): boolean {
  return (knownDefects as readonly string[]).includes(verdict);
}
