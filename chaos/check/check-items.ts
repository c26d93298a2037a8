import type { RoutedMail } from '../evidence/evidence.ts';
import { type Operation, type OperationOf, operationsOf } from '../record/operation.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

type ItemOperation = OperationOf<'claim' | 'renew' | 'complete' | 'release'>;

/** One machine, one clock; leases are given in whole milliseconds. */
const SLACK_MS = 5;

/** Checks that no item has two holders, that none returns once completed, and that only the holder completed it. */
export function checkItems(
  operations: readonly Operation[],
  mails: readonly RoutedMail[],
  actors: ReadonlyMap<string, string>,
): readonly Finding[] {
  const items = new Map(mails.flatMap(({ item }) => (item ? [[item.id, item] as const] : [])));
  const worked = operationsOf(operations, 'claim', 'renew', 'complete', 'release').filter(
    ({ item }) => item !== undefined,
  );
  const byItem = Map.groupBy(worked, ({ item }) => item as string);
  const findings = [...byItem].flatMap(([id, own]) => {
    const item = items.get(id);
    return [...heldByTwo(id, own), ...backAgain(id, own), ...wronglyAtEnd(id, own, item, actors)];
  });
  const invented = [...items.values()].filter(({ id, state }) => state === 'completed' && !byItem.has(id));
  return [...findings, ...invented.map(({ id }) => aFinding('completion invented', id, 'no agent ever had it'))];
}

function heldByTwo(id: string, operations: readonly ItemOperation[]): readonly Finding[] {
  return operations.flatMap((claim) => {
    if (claim.outcome !== 'done' || !('leaseUntil' in claim) || claim.leaseUntil === undefined) return [];
    const { actor, end: from, leaseUntil } = claim;
    const givenUp = operations.find(({ actor: who, do: what, start }) => {
      return who === actor && (what === 'complete' || what === 'release') && start >= from;
    });
    const until = Math.min(leaseUntil, givenUp?.start ?? leaseUntil) - SLACK_MS;
    return operations
      .filter((other) => other.actor !== actor && other.outcome === 'done' && other.do !== 'release')
      .filter((other) => other.start > from && other.end < until)
      .map((other) => {
        const what = `${actor} from ${moment(from)} until ${moment(until)}, ${other.actor}: ${other.do}`;
        return aFinding('item held by two', id, `${what} at ${moment(other.end)}`);
      });
  });
}

function backAgain(id: string, operations: readonly ItemOperation[]): readonly Finding[] {
  const completed = operations.find(({ do: what, outcome }) => what === 'complete' && outcome === 'done');
  if (completed === undefined) return [];
  return operations
    .filter(({ outcome, start }) => outcome === 'done' && start > completed.end)
    .filter(({ do: what, actor }) => what !== 'complete' || actor !== completed.actor)
    .map(({ do: what, actor, start }) => {
      const after = `completed by ${completed.actor} at ${moment(completed.end)}`;
      return aFinding('completed item back', id, `${after}, ${what} of ${actor} at ${moment(start)} was answered`);
    });
}

function wronglyAtEnd(
  id: string,
  operations: readonly ItemOperation[],
  item: { readonly state: string; readonly claimedBy: string | null } | undefined,
  actors: ReadonlyMap<string, string>,
): readonly Finding[] {
  const completions = operations.filter(({ do: what, outcome }) => what === 'complete' && outcome !== 'refused');
  const answered = completions.find(({ outcome }) => outcome === 'done');
  if (answered && item?.state !== 'completed') {
    const what = `${answered.actor} was answered at ${moment(answered.end)}, it is ${item?.state ?? 'gone'}`;
    return [aFinding('completion lost', id, what)];
  }
  if (item?.state !== 'completed') return [];
  const holder = actors.get(item.claimedBy ?? '') ?? item.claimedBy ?? 'no agent';
  if (completions.some(({ actor }) => actor === holder)) return [];
  return [aFinding('completion invented', id, `by ${holder}, who did not ask for it`)];
}

function aFinding(verdict: Finding['verdict'], id: string, what: string): Finding {
  return { verdict, what: `item ${id}: ${what}` };
}
