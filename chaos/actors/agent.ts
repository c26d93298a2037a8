import { setTimeout as sleep } from 'node:timers/promises';
import type { Action } from '../plan/plan.ts';
import type { Recorder } from '../record/recorder.ts';
import type { CallMailroom } from './mailroom-call.ts';
import type { Organisation } from './organisation.ts';

type Work = Extract<Action, { do: 'work' }>;

interface ClaimedItem {
  readonly id: string;
  readonly newestMail: string;
  readonly claim: { readonly leaseExpiresAt: string | null } | null;
}

/** Claims an item of a queue, holds it for a while, and then does what the plan says. */
export function createAgent(
  { agents, queueIds }: Organisation,
  { operation }: Recorder,
): (actor: string, work: Work) => Promise<void> {
  return async (actor, { queue, choice, leaseSeconds, holdMs, ending }) => {
    const call = agents.get(actor)?.call;
    if (call === undefined) throw new Error(`There is no ${actor}`);
    const path = `/queues/${queueIds[queue]}`;
    const chosen = choice === 'next' ? undefined : await findItem(call, path, choice);
    if (choice !== 'next' && chosen === undefined) return;

    const { body, ...claim } = await call('POST', chosen ? `/items/${chosen}/claim` : `${path}/claim`, {
      leaseSeconds,
    });
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
    if (ending === 'release') {
      const { body: _, ...released } = await call('POST', `/items/${item}/release`);
      operation({ do: 'release', item, actor, ...released });
      return;
    }
    let seenThrough: string | undefined = claimed.newestMail;
    while (seenThrough !== undefined) {
      const { body: answer, ...completed } = await call('POST', `/items/${item}/complete`, { seenThrough });
      operation({ do: 'complete', item, actor, ...completed });
      seenThrough = newerThanSeen(completed.reason, answer);
    }
  };
}

/** The mail that was joined while the agent worked, which the refusal names: read, and then completed as well. */
function newerThanSeen(reason: string | undefined, answer: unknown): string | undefined {
  if (reason !== 'item-has-new-mail') return undefined;
  return (answer as { readonly facts?: { readonly newestMail?: string } }).facts?.newestMail;
}

/** The id of one of the oldest items waiting in a queue; other agents read the same list. */
async function findItem(call: CallMailroom, queue: string, number: number): Promise<string | undefined> {
  const { body } = await call('GET', `${queue}/items?pageSize=${number + 1}`);
  return (body as { items?: { id: string }[] } | undefined)?.items?.at(-1)?.id;
}

/** Zero where the answer shows no lease: the holder cannot rely on one. */
function leaseOf({ claim }: ClaimedItem): number {
  return claim?.leaseExpiresAt ? Date.parse(claim.leaseExpiresAt) : 0;
}
