import type { Schemas } from '../api/client.ts';

/** A rule while it is edited. */
export interface DraftRule {
  /** Stays with the rule while it moves; for saved rules, their id. */
  readonly key: string;
  /** Undefined: not saved yet. */
  readonly id: string | undefined;
  readonly queueId: string;
  readonly keywords: readonly string[];
  /** Text in the keyword box without Enter. It counts like the other keywords. */
  readonly typed: string;
}

/** The routing of an account while it is edited. */
export interface Draft {
  readonly version: number;
  /** Null: mail that no rule matches goes into no queue. */
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

/** The API's limits. */
export const MOST_RULES = 200;
export const MOST_KEYWORDS = 100;
export const LONGEST_KEYWORD = 200;

/** Why a rule cannot be saved as it is. */
export type RuleProblem = 'empty' | 'too-many' | 'too-long';

export function ruleProblem(rule: Pick<DraftRule, 'keywords' | 'typed'>): RuleProblem | undefined {
  const keywords = keywordsOf(rule);
  if (keywords.length === 0) return 'empty';
  if (keywords.length > MOST_KEYWORDS) return 'too-many';
  return keywords.some((keyword) => keyword.length > LONGEST_KEYWORD) ? 'too-long' : undefined;
}

/** Every keyword of a rule, including the one being typed. */
export function keywordsOf({ keywords, typed }: Pick<DraftRule, 'keywords' | 'typed'>): string[] {
  return [...new Set([...keywords, ...parseKeywords([typed])])];
}

/** The rule after Enter in its keyword box. */
export function withTypedKeyword(rule: DraftRule): DraftRule {
  return rule.typed === '' ? rule : { ...rule, keywords: keywordsOf(rule), typed: '' };
}

/** The rules in the API's format, in order. */
export function rulesToSend({ rules }: Pick<Draft, 'rules'>) {
  return rules.map(({ id, queueId, ...rule }) => ({ ...(id && { id }), queueId, keywords: keywordsOf(rule) }));
}

/** The part of a draft that can be tried: rules that could be saved. */
export function draftToTry({ defaultQueueId, ...draft }: Draft) {
  const rules = draft.rules.filter((rule) => ruleProblem(rule) === undefined);
  return { defaultQueueId, rules: rulesToSend({ rules }) };
}

/** Positions in the draft, from 1, of the rules in `draftToTry`. */
export function triedPositions({ rules }: Draft): readonly number[] {
  return rules.flatMap((rule, index) => (ruleProblem(rule) === undefined ? [index + 1] : []));
}

/** True when both send the same mail to the same queues, regardless of versions and of what is saved. */
export function isSameRouting(one: Draft, other: Draft): boolean {
  const content = ({ defaultQueueId, rules }: Draft) =>
    JSON.stringify([defaultQueueId, rules.map((rule) => [rule.queueId, keywordsOf(rule)])]);
  return content(one) === content(other);
}

/** In the place of a queue's id: the default queue, whichever that is. */
export const DEFAULT_QUEUE = 'default';

/** The draft with `to` in the place of the queue with the id `from`, or of `DEFAULT_QUEUE`. */
export function withOtherQueue(draft: Draft, from: string, to: string): Draft {
  return {
    ...draft,
    defaultQueueId: from === DEFAULT_QUEUE || draft.defaultQueueId === from ? to : draft.defaultQueueId,
    rules: draft.rules.map((rule) => (rule.queueId === from ? { ...rule, queueId: to } : rule)),
  };
}

/**
 * The draft after `sent` was saved as `saved`: its rules have their ids, and edits made during the request remain
 * unsaved changes. The keys stay, so that the keyboard focus stays.
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

/** One keyword per line, comma or semicolon of the pasted text, trimmed. */
export function parseKeywords(pasted: readonly string[]): string[] {
  const keywords = pasted.flatMap((text) => text.split(/[,;\n\r\t]+/)).map((keyword) => keyword.trim());
  return [...new Set(keywords.filter((keyword) => keyword !== ''))];
}
