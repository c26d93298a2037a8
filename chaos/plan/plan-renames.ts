import type { PlannedAccount, PlannedAction } from './plan.ts';
import { createRandom } from './random.ts';

interface RenameOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly accounts: readonly PlannedAccount[];
}

/** Share of mailboxes that are renamed in a run, each at most twice. */
const RENAMED = 0.4;
const MOST_RENAMES = 2;

/**
 * Plans which mailboxes get another address. The actor that delivers a mailbox's mail also renames it, so that no mail
 * goes to an old address. Shared mailboxes are not renamed: they are read by address, so each rename would need a
 * person.
 */
export function planRenames({ seed, durationMs, accounts }: RenameOptions): readonly PlannedAction[] {
  const random = createRandom(seed, 'renames');
  return accounts.flatMap(({ kind, address }, account) => {
    const times = random.chance(RENAMED) ? random.between(1, MOST_RENAMES) : 0;
    if (kind === 'shared') return [];
    return Array.from({ length: times }, (_, n): PlannedAction => {
      const renamed = address.replace('@', `-renamed-${n + 1}@`);
      const at = Math.round(((n + random.fraction()) * durationMs) / MOST_RENAMES);
      return { do: 'rename', account, address: renamed, actor: `mailbox-${account}`, at };
    });
  });
}
