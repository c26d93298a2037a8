import type { PlannedAccount, PlannedAction } from './plan.ts';
import { createRandom } from './random.ts';

interface RenameOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly accounts: readonly PlannedAccount[];
}

/** Of ten mailboxes, so many get another address in a run, at most twice. */
const RENAMED = 0.4;
const MOST_RENAMES = 2;

/**
 * Mailboxes that get another address. It is done by who delivers their mail, so that none goes to an address of before; a
 * shared one is read by its address, and would ask for a person each time.
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
