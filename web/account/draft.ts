import type { Schemas } from '../api/client.ts';

/** A rule as it is being edited. */
export interface DraftRule {
  /** Stays with the rule while it moves; of saved rules, their id. */
  readonly key: string;
  /** Undefined: not saved yet. */
  readonly id: string | undefined;
  readonly queueId: string;
  readonly keywords: readonly string[];
  /** What stands in the keyword box without Enter. It counts like the other keywords. */
  readonly typed: string;
}

/** The routing of an account as it is being edited. */
export interface Draft {
  readonly version: number;
  /** Null: what no rule matches goes into no queue. */
  readonly defaultQueueId: string | null;
  readonly rules: readonly DraftRule[];
}

export function draftOf({ version, defaultQueueId, rules }: Schemas['Routing']): Draft {
  return {
    version,
    defaultQueueId,
    rules: rules.map(({ id, queueId, keywords }) => ({ key: id, id, queueId, keywords, typed: '' })),
  };
}

/** Every keyword of a rule, the one that is being typed included. */
export function keywordsOf({ keywords, typed }: Pick<DraftRule, 'keywords' | 'typed'>): string[] {
  return [...new Set([...keywords, ...parseKeywords([typed])])];
}

/** The rule after Enter in its keyword box. */
export function withTypedKeyword(rule: DraftRule): DraftRule {
  return rule.typed === '' ? rule : { ...rule, keywords: keywordsOf(rule), typed: '' };
}

/** What the API takes: the rules in their order. */
export function rulesToSend({ rules }: Draft) {
  return rules.map(({ id, queueId, ...rule }) => ({ ...(id && { id }), queueId, keywords: keywordsOf(rule) }));
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
  return rules.flatMap((rule, index) => (keywordsOf(rule).length > 0 ? [index + 1] : []));
}

/** True when both send the same mail to the same queues, whatever their versions, and saved or not. */
export function isSameRouting(one: Draft, other: Draft): boolean {
  const content = ({ defaultQueueId, rules }: Draft) =>
    JSON.stringify([defaultQueueId, rules.map((rule) => [rule.queueId, keywordsOf(rule)])]);
  return content(one) === content(other);
}

/**
 * The draft once `sent` is saved as `saved`: its rules have their ids, and what was edited while the answer was awaited
 * stays as an unsaved change. The keys stay, so that the keyboard stays where it is.
 */
export function draftAfterSave(draft: Draft, sent: Draft, saved: Draft): Draft {
  const ids = new Map(sent.rules.map(({ key }, index) => [key, saved.rules[index]?.id]));
  const wasEdited = !isSameRouting(draft, sent);
  return {
    ...draft,
    version: saved.version,
    rules: draft.rules.map((rule) => ({
      ...(wasEdited ? rule : withTypedKeyword(rule)),
      id: ids.get(rule.key) ?? rule.id,
    })),
  };
}

/** One keyword for each line, comma or semicolon of what was pasted; blanks around them do not count. */
export function parseKeywords(pasted: readonly string[]): string[] {
  const keywords = pasted.flatMap((text) => text.split(/[,;\n\r\t]+/)).map((keyword) => keyword.trim());
  return [...new Set(keywords.filter((keyword) => keyword !== ''))];
}
