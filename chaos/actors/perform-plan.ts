import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, Plan, PlannedAction } from '../plan/plan.ts';

export interface Performers {
  /** Performs one action of an actor; never throws for an answer of Mailroom. */
  readonly act: (actor: string, action: Action) => Promise<void>;
  readonly harm: (harm: Plan['harms'][number]) => Promise<void>;
  /** Aborted: no further action starts. */
  readonly signal: AbortSignal;
}

/**
 * Actions that are skipped when their actor is late: people who had to wait for an answer do not make up for it in a
 * burst. Mail is delivered however late it is, and whatever was taken away is given back.
 */
const leftOutWhenLate: ReadonlySet<Action['do']> = new Set([
  ...(['work', 'disable', 'route', 'revoke', 'sign-in', 'withdraw', 'compare', 'rename', 'remove'] as const),
]);
const TOO_LATE_MS = 10_000;

/** Performs a plan on time: the actions of one actor in sequence, harms whenever they are due. */
export async function performPlan({ actions, harms }: Plan, { act, harm, signal }: Performers): Promise<void> {
  const startedAt = performance.now();
  const isLate = ({ at }: PlannedAction) => performance.now() - startedAt - at > TOO_LATE_MS;
  const until = async (at: number) => {
    const waitMs = startedAt + at - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
  };
  const actors = Map.groupBy(actions, ({ actor }) => actor);
  const acting = [...actors].map(async ([actor, own]) => {
    for (const action of own) {
      await until(action.at);
      if (signal.aborted) return;
      if (leftOutWhenLate.has(action.do) && isLate(action)) continue;
      await act(actor, action);
    }
  });
  const harming = harms.map(async (planned) => {
    await until(planned.at);
    if (!signal.aborted) await harm(planned);
  });
  await Promise.all([...acting, ...harming]);
}
