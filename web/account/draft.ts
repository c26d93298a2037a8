import type { Schemas } from '../api/client.ts';

/** A rule as it is being edited. */
export interface DraftRule {
  /** Stays with the rule while it moves; of saved rules, their id. */
  readonly key: string;
  /** Undefined: not saved yet. */
  readonly id: string | undefined;
  readonly queueId: string;
  readonly keywords: readonly string[];
}

/** The routing of an account as it is being edited. */
export interface Draft {
  readonly version: number;
  readonly defaultQueueId: string;
  readonly rules: readonly DraftRule[];
}

export function draftOf({ version, defaultQueueId, rules }: Schemas['Routing']): Draft {
  return {
    version,
    defaultQueueId,
    rules: rules.map(({ id, queueId, keywords }) => ({ key: id, id, queueId, keywords })),
  };
}

/** What the API takes: the rules in their order. */
export function rulesToSend({ rules }: Draft) {
  return rules.map(({ id, queueId, keywords }) => ({ ...(id && { id }), queueId, keywords: [...keywords] }));
}

/** What can be tried of a draft: rules that have keywords already. */
export function draftToTry(draft: Draft) {
  return {
    defaultQueueId: draft.defaultQueueId,
    rules: rulesToSend(draft).filter(({ keywords }) => keywords.length > 0),
  };
}

/** Positions in the draft, from 1, of the rules that `draftToTry` names. */
export function triedPositions({ rules }: Draft): readonly number[] {
  return rules.flatMap(({ keywords }, index) => (keywords.length > 0 ? [index + 1] : []));
}

/** True when both send the same mail to the same queues, whatever their versions, and saved or not. */
export function isSameRouting(one: Draft, other: Draft): boolean {
  const content = ({ defaultQueueId, rules }: Draft) =>
    JSON.stringify([defaultQueueId, rules.map(({ queueId, keywords }) => [queueId, keywords])]);
  return content(one) === content(other);
}

/** One keyword for each line, comma or semicolon of what was pasted; blanks around them do not count. */
export function parseKeywords(pasted: readonly string[]): string[] {
  const keywords = pasted.flatMap((text) => text.split(/[,;\n\r\t]+/)).map((keyword) => keyword.trim());
  return [...new Set(keywords.filter((keyword) => keyword !== ''))];
}
