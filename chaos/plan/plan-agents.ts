import type { Ending, PlannedAction } from './plan.ts';
import { createRandom } from './random.ts';

interface AgentOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly agents: readonly string[];
  readonly queues: number;
}

/** The shortest lease that the API grants. */
const LEASE_SECONDS = 30;
const BETWEEN_CLAIMS_MS = [100, 900] as const;
const QUICK_HOLD_MS = [0, 300] as const;
/** Around the end of the lease: before it, and after other agents may have taken the item. */
const SLOW_HOLD_MS = [24_000, 45_000] as const;
/** Share of claims that choose an item from the beginning of the list, which other agents read, too. */
const CHOSEN = 0.3;
const LISTED = 4;
/** Every fourth agent lets leases expire. */
const SLOW_EVERY = 4;

const quickEndings: readonly (readonly [Ending, number])[] = [
  ['complete', 6],
  ['release', 2],
  ['abandon', 1],
  ['renew', 1],
];
const slowEndings: readonly (readonly [Ending, number])[] = [
  ['complete', 4],
  ['release', 1],
  ['renew', 2],
];

/** Agents that claim items of all queues and complete them, release them, abandon them or are too slow. */
export function planAgents({ seed, durationMs, agents, queues }: AgentOptions): readonly PlannedAction[] {
  return agents.flatMap((actor, n) => {
    const random = createRandom(seed, actor);
    const isSlow = n % SLOW_EVERY === SLOW_EVERY - 1;
    const actions: PlannedAction[] = [];
    for (let at = random.between(...BETWEEN_CLAIMS_MS); at < durationMs; at += random.between(...BETWEEN_CLAIMS_MS)) {
      const [least, most] = isSlow ? SLOW_HOLD_MS : QUICK_HOLD_MS;
      const holdMs = random.between(least, most);
      const ending = random.weighted(isSlow ? slowEndings : quickEndings);
      const queue = random.between(0, queues - 1);
      const choice = random.chance(CHOSEN) ? random.between(0, LISTED - 1) : 'next';
      actions.push({ at, actor, do: 'work', queue, choice, leaseSeconds: LEASE_SECONDS, holdMs, ending });
      if (isSlow) at += holdMs;
    }
    return actions;
  });
}
