/**
 * What a person changed in a form since it was opened, for sending alone: what others saved in the meantime stays.
 * Fields that are unchanged are left out; of lists, what was added and taken out is applied to the list as it is `now`.
 */
export function ownChanges<Fields extends object>(opened: Fields, entered: Fields, now: Fields): Partial<Fields> {
  const changes: Partial<Fields> = {};
  for (const name of Object.keys(entered) as (keyof Fields)[]) {
    const [before, after] = [opened[name], entered[name]];
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    changes[name] = [before, after, now[name]].every(Array.isArray)
      ? (mergeList(before as unknown[], after as unknown[], now[name] as unknown[]) as Fields[keyof Fields])
      : after;
  }
  return changes;
}

/** The list as it is `now`, with what was added to it, and without what was taken out of it, since it was opened. */
export function mergeList<Entry>(
  opened: readonly Entry[],
  entered: readonly Entry[],
  now: readonly Entry[],
): readonly Entry[] {
  const kept = now.filter((entry) => entered.includes(entry) || !opened.includes(entry));
  return [...kept, ...entered.filter((entry) => !opened.includes(entry) && !kept.includes(entry))];
}
