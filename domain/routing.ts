import { foldAmbiguously } from './case-folding.ts';
import { createKeywordMatcher } from './keyword-match.ts';
import { MOST_SUBJECT_CHARACTERS } from './message-limits.ts';

interface Correspondent {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

/** Facts that a decision may use. Undefined: unknown here, such as when only a subject is tried. */
export interface RoutableMessage {
  readonly subject: string;
  readonly from?: Correspondent | undefined;
  /** The sender, if other than the author. */
  readonly sender?: Correspondent | undefined;
  readonly recipients?: Readonly<Record<'to' | 'cc' | 'bcc' | 'replyTo', readonly Correspondent[]>> | undefined;
  readonly headers?: readonly { readonly name: string; readonly value: string }[] | undefined;
}

/** Keywords → queue. Rules of an account are ordered; the first match wins. */
export interface Rule {
  readonly id: string;
  readonly queueId: string;
  readonly keywords: readonly string[];
}

/** The routing of one account at one version. */
export interface Routing {
  readonly version: number;
  /** Undefined: messages that match no rule go into no queue. */
  readonly defaultQueueId: string | undefined;
  readonly rules: readonly Rule[];
  /** Removed queues of this routing: they receive nothing. */
  readonly removedQueueIds?: ReadonlySet<string> | undefined;
}

/** Why the default queue gets a message, or would if there were one. */
export const defaultReasons = ['no-rule-matched', 'no-subject', 'no-rules'] as const;
/** Why a message is in no queue. */
export const noQueueReasons = ['no-default-queue', 'default-queue-removed', 'rule-queue-removed'] as const;

interface MatchedRule {
  readonly ruleId: string;
  /** 1 is the first rule. */
  readonly position: number;
  /** As the administrator wrote it. */
  readonly keyword: string;
}

/** Why a message went to its queue. Stored on the item as it is: plain JSON. */
export type Decision =
  | ({ readonly by: 'rule'; readonly queueId: string; readonly version: number } & MatchedRule)
  | {
      readonly by: 'default';
      readonly queueId: string;
      readonly because: (typeof defaultReasons)[number];
      readonly version: number;
    }
  /** No queue. */
  | {
      readonly by: 'none';
      readonly queueId: null;
      readonly because: (typeof noQueueReasons)[number];
      /** With `rule-queue-removed`: the rule that matched. */
      readonly rule?: MatchedRule | undefined;
      readonly version: number;
    };

/** A routing with its keywords folded once, for many messages. */
export interface Router {
  decide(message: RoutableMessage): Decision;
}

/** Prepares a routing for use. Keywords that fold to nothing never match. */
export function createRouter({ version, defaultQueueId, rules, removedQueueIds = new Set() }: Routing): Router {
  const prepared = rules.map(({ id: ruleId, queueId, keywords }, index) => ({
    ruleId,
    position: index + 1,
    queueId,
    keywords: keywords.flatMap((keyword) => {
      const matcher = createKeywordMatcher(keyword);
      return matcher ? [{ keyword, matcher }] : [];
    }),
  }));

  function byDefault(because: (typeof defaultReasons)[number]): Decision {
    if (defaultQueueId === undefined) return { by: 'none', queueId: null, because: 'no-default-queue', version };
    if (removedQueueIds.has(defaultQueueId)) {
      return { by: 'none', queueId: null, because: 'default-queue-removed', version };
    }
    return { by: 'default', queueId: defaultQueueId, because, version };
  }

  return {
    decide({ subject }) {
      const folded = foldAmbiguously(subject.slice(0, MOST_SUBJECT_CHARACTERS));
      if (folded === '') return byDefault('no-subject');
      for (const { ruleId, position, queueId, keywords } of prepared) {
        const match = keywords.find(({ matcher }) => matcher.matches(folded));
        if (!match) continue;
        const rule = { ruleId, position, keyword: match.keyword };
        return removedQueueIds.has(queueId)
          ? { by: 'none', queueId: null, because: 'rule-queue-removed', rule, version }
          : { by: 'rule', queueId, ...rule, version };
      }
      return byDefault(prepared.length === 0 ? 'no-rules' : 'no-rule-matched');
    },
  };
}

/** The decision for one message by the given routing. */
export function decide(message: RoutableMessage, routing: Routing): Decision {
  return createRouter(routing).decide(message);
}
