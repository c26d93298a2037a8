import { type Draft, type DraftRule, isSameRouting, keywordsOf } from './draft.ts';

/** One difference in the routing that was saved in between. */
export type RoutingEdit =
  /** `isOverruled`: it was changed here, too, and the merged draft has the value entered here. */
  | { readonly what: 'default-queue'; readonly queueId: string | null; readonly isOverruled: boolean }
  | { readonly what: 'queue'; readonly rule: DraftRule; readonly queueId: string; readonly isOverruled: boolean }
  | { readonly what: 'order'; readonly isOverruled: boolean }
  | {
      readonly what: 'keywords';
      readonly rule: DraftRule;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly what: 'added'; readonly rule: DraftRule }
  /** `isKept`: it was changed here, so the merged draft keeps it. */
  | { readonly what: 'removed'; readonly rule: DraftRule; readonly isKept: boolean }
  /** Removed here and changed there: the merged draft has it again. */
  | { readonly what: 'back'; readonly rule: DraftRule };

export interface MergedRouting {
  /** Both changes, on top of the version of `theirs`. */
  readonly draft: Draft;
  /** Their changes, in the order in which they are shown. */
  readonly edits: readonly RoutingEdit[];
}

/**
 * Merges two routings that both started from `base`. Whatever one side entered is dropped only with an edit that says
 * so: where both changed the same thing, `mine` wins, because its author is here to see it.
 */
export function mergeRouting(base: Draft, mine: Draft, theirs: Draft): MergedRouting {
  const edits: RoutingEdit[] = [];
  const merged = new Map<string, DraftRule>();
  const inMine = new Map(mine.rules.map((rule) => [identityOf(rule), rule]));
  const inTheirs = new Map(theirs.rules.map((rule) => [identityOf(rule), rule]));
  const inBase = new Map(base.rules.map((rule) => [identityOf(rule), rule]));

  for (const [identity, their] of inTheirs) {
    const before = inBase.get(identity);
    const own = inMine.get(identity);
    if (before === undefined) {
      merged.set(identity, their);
      edits.push({ what: 'added', rule: their });
    } else if (own === undefined) {
      if (isSameRule(before, their)) continue;
      merged.set(identity, their);
      edits.push({ what: 'back', rule: their });
    } else {
      merged.set(identity, mergeRule(before, own, their, edits));
    }
  }
  for (const [identity, own] of inMine) {
    const before = inBase.get(identity);
    if (inTheirs.has(identity)) continue;
    if (before === undefined) {
      // The same rule, added on both sides, or saved by a request whose answer was lost.
      const twin = [...inTheirs].find(([other, rule]) => !inBase.has(other) && isSameRule(rule, own));
      if (twin === undefined) merged.set(identity, own);
      continue;
    }
    const isKept = !isSameRule(before, own);
    // The rule is gone from theirs, so it is saved as a new one.
    if (isKept) merged.set(identity, { ...own, id: undefined });
    edits.push({ what: 'removed', rule: before, isKept });
  }

  const order = mergeOrder([...inBase.keys()], [...inMine.keys()], [...inTheirs.keys()]);
  if (order.theirsChanged) edits.push({ what: 'order', isOverruled: order.isOverruled });
  const rules = order.identities.flatMap((identity) => merged.get(identity) ?? []);
  const defaultQueueId = mergeValue(base.defaultQueueId, mine.defaultQueueId, theirs.defaultQueueId);
  if (theirs.defaultQueueId !== base.defaultQueueId && theirs.defaultQueueId !== mine.defaultQueueId) {
    const isOverruled = defaultQueueId !== theirs.defaultQueueId;
    edits.unshift({ what: 'default-queue', queueId: theirs.defaultQueueId, isOverruled });
  }
  return { draft: { version: theirs.version, defaultQueueId, rules }, edits };
}

function mergeRule(before: DraftRule, own: DraftRule, their: DraftRule, edits: RoutingEdit[]): DraftRule {
  const queueId = mergeValue(before.queueId, own.queueId, their.queueId);
  if (their.queueId !== before.queueId && their.queueId !== own.queueId) {
    edits.push({ what: 'queue', rule: own, queueId: their.queueId, isOverruled: queueId !== their.queueId });
  }
  const added = their.keywords.filter(
    (keyword) => !before.keywords.includes(keyword) && !keywordsOf(own).includes(keyword),
  );
  const removed = before.keywords.filter(
    (keyword) => !their.keywords.includes(keyword) && own.keywords.includes(keyword),
  );
  if (added.length > 0 || removed.length > 0) edits.push({ what: 'keywords', rule: own, added, removed });
  const keywords = [...own.keywords.filter((keyword) => !removed.includes(keyword)), ...added];
  return { ...own, queueId, keywords };
}

/** Changed on one side: that value. On both: the value entered here. */
function mergeValue<Value extends string | null>(base: Value, mine: Value, theirs: Value): Value {
  return mine === base ? theirs : mine;
}

/** The order of the side that changed it, with the others' additions after the rules that they follow there. */
function mergeOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]) {
  const mineChanged = isReordered(base, mine);
  const theirsChanged = isReordered(base, theirs);
  const [first, second] = mineChanged ? [mine, theirs] : [theirs, mine];
  const identities = [...first];
  second.forEach((identity, index) => {
    if (identities.includes(identity)) return;
    const before = second.slice(0, index).findLast((other) => identities.includes(other));
    identities.splice(before === undefined ? 0 : identities.indexOf(before) + 1, 0, identity);
  });
  const both = (list: readonly string[]) =>
    list.filter((identity) => mine.includes(identity) && theirs.includes(identity));
  const isOverruled = mineChanged && both(mine).join() !== both(theirs).join();
  return { identities, theirsChanged: theirsChanged && both(mine).join() !== both(theirs).join(), isOverruled };
}

function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const kept = after.filter((identity) => before.includes(identity));
  return kept.join() !== before.filter((identity) => kept.includes(identity)).join();
}

/** Identifies a rule on both sides: by its id once it is saved, until then by its key. */
function identityOf({ id, key }: DraftRule): string {
  return id ?? key;
}

function isSameRule(one: DraftRule, other: DraftRule): boolean {
  const alone = (rule: DraftRule): Draft => ({ version: 0, defaultQueueId: '', rules: [rule] });
  return isSameRouting(alone(one), alone(other));
}
