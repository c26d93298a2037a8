import { foldCase } from '../../domain/case-folding.ts';

interface WrittenRule {
  readonly keywords: readonly string[];
}

export interface RoutingWarning {
  /** JSON pointer to the keyword. */
  readonly path: string;
  readonly detail: string;
}

/** Above this many keywords only equal ones are found: comparing every pair would take seconds. */
const COMPARED_EACH_WITH_EACH = 1_000;

/** Keywords that can never decide anything: saved as written, with a warning. */
export function routingWarnings(rules: readonly WrittenRule[]): RoutingWarning[] {
  const warnings: RoutingWarning[] = [];
  const earlier = new Map<string, number>();
  const total = rules.reduce((sum, { keywords }) => sum + keywords.length, 0);
  for (const [ruleIndex, rule] of rules.entries()) {
    for (const [keywordIndex, keyword] of rule.keywords.entries()) {
      const folded = foldCase(keyword);
      const warn = (detail: string) =>
        warnings.push({ path: `/rules/${ruleIndex}/keywords/${keywordIndex}`, detail: `“${keyword}” ${detail}` });
      if (folded === '') {
        warn('never matches: it holds only characters that are ignored.');
        continue;
      }
      const equal = earlier.get(folded);
      if (equal === ruleIndex) warn('is in this rule already.');
      else if (equal !== undefined) warn(`is in rule ${equal + 1} already, which comes first.`);
      else if (total <= COMPARED_EACH_WITH_EACH) warnOfShadow(folded, ruleIndex, earlier, warn);
      if (equal === undefined) earlier.set(folded, ruleIndex);
    }
  }
  return warnings;
}

function warnOfShadow(
  folded: string,
  ruleIndex: number,
  earlier: ReadonlyMap<string, number>,
  warn: (detail: string) => void,
): void {
  for (const [other, otherRule] of earlier) {
    if (otherRule === ruleIndex || !folded.includes(other)) continue;
    warn(`never decides: every subject with it also contains “${other}” of rule ${otherRule + 1}, which comes first.`);
    return;
  }
}
