import { foldAmbiguously } from './case-folding.ts';
import { createKeywordMatcher } from './keyword-match.ts';
import { MOST_SUBJECT_CHARACTERS } from './message-limits.ts';

/** Keywords → queue. Rules of an account are ordered; the first that matches wins. */
export interface Rule {
  readonly id: string;
  readonly queueId: string;
  readonly keywords: readonly string[];
}

/** The routing of one account at one version. */
export interface Routing {
  readonly version: number;
  readonly defaultQueueId: string;
  readonly rules: readonly Rule[];
}

/** Why a message goes where it goes. Stored on the item as it is: plain JSON. */
export type Decision =
  | {
      readonly by: 'rule';
      readonly queueId: string;
      readonly ruleId: string;
      /** 1 is the first rule. */
      readonly position: number;
      /** As the administrator wrote it. */
      readonly keyword: string;
      readonly version: number;
    }
  | {
      readonly by: 'default';
      readonly queueId: string;
      readonly because: 'no-rule-matched' | 'no-subject' | 'no-rules';
      readonly version: number;
    };

/** A routing with its keywords folded once, for many subjects. */
export interface Router {
  decide(subject: string): Decision;
}

/** Prepares a routing for use. Keywords that fold to nothing never match. */
export function createRouter(routing: Routing): Router {
  const { version, defaultQueueId } = routing;
  const rules = routing.rules.map((rule, index) => ({
    rule,
    position: index + 1,
    keywords: rule.keywords.flatMap((keyword) => {
      const matcher = createKeywordMatcher(keyword);
      return matcher ? [{ keyword, matcher }] : [];
    }),
  }));

  return {
    decide(subject) {
      const folded = foldAmbiguously(subject.slice(0, MOST_SUBJECT_CHARACTERS));
      if (folded === '') return { by: 'default', queueId: defaultQueueId, because: 'no-subject', version };
      for (const { rule, position, keywords } of rules) {
        const match = keywords.find(({ matcher }) => matcher.matches(folded));
        if (match) {
          return {
            by: 'rule',
            queueId: rule.queueId,
            ruleId: rule.id,
            position,
            keyword: match.keyword,
            version,
          };
        }
      }
      const because = rules.length === 0 ? 'no-rules' : 'no-rule-matched';
      return { by: 'default', queueId: defaultQueueId, because, version };
    },
  };
}

/** Where one message goes by the given routing. */
export function decide(routing: Routing, message: { readonly subject: string }): Decision {
  return createRouter(routing).decide(message.subject);
}
