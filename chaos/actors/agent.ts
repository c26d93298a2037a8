import { setTimeout as sleep } from 'node:timers/promises';
import type { Action } from '../plan/plan.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Organisation } from './organisation.ts';

type Work = Extract<Action, { do: 'work' }>;

interface ClaimedItem {
  readonly id: string;
  readonly claim: { readonly leaseExpiresAt: string | null } | null;
}

/** Claims the oldest item of a queue, holds it for a while, and does with it what was planned. */
export function createAgent(
  { agents, queueIds }: Organisation,
  { operation }: Recorder,
): (actor: string, work: Work) => Promise<void> {
  return async (actor, { queue, leaseSeconds, holdMs, ending }) => {
    const call = agents.get(actor)?.call;
    if (call === undefined) throw new Error(`There is no ${actor}`);

    const { body, ...claim } = await call('POST', `/queues/${queueIds[queue]}/claim`, { leaseSeconds });
    const claimed = claim.outcome === 'done' ? (body as ClaimedItem | undefined) : undefined;
    operation({
      do: 'claim',
      queue,
      actor,
      ...claim,
      ...(claimed && { item: claimed.id, leaseUntil: leaseOf(claimed) }),
    });
    if (claimed === undefined) return;
    const item = claimed.id;
    await sleep(holdMs);
    if (ending === 'abandon') return;
    if (ending === 'renew') {
      const { body: again, ...renewed } = await call('POST', `/items/${item}/claim`, { leaseSeconds });
      const isHeld = renewed.outcome === 'done';
      operation({ do: 'renew', item, actor, ...renewed, ...(isHeld && { leaseUntil: leaseOf(again as ClaimedItem) }) });
      if (!isHeld) return;
    }
    const last = ending === 'release' ? 'release' : 'complete';
    const { body: _, ...ended } = await call('POST', `/items/${item}/${last}`);
    operation({ do: last, item, actor, ...ended });
  };
}

/** Zero where the answer shows no lease: whoever is said to hold it holds nothing for sure. */
function leaseOf({ claim }: ClaimedItem): number {
  return claim?.leaseExpiresAt ? Date.parse(claim.leaseExpiresAt) : 0;
}
