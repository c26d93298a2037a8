import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { ReaderActivities } from '../contract/activities.ts';
import { listShareFigures, type ShareFigures } from '../database/ingest/share-figures.ts';
import { jittered, SHARE_PLACED_FOR_MS } from '../domain/schedule.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

export interface SharePlacement {
  readonly isHeld: () => boolean;
  /** More shares are placed here than the fair share of a process, so Temporal should place this one again. */
  readonly isToMove: () => boolean;
  end(): void;
}

/** The shares that this process holds, as the activity sees them. */
export interface SharesOfProcess {
  readonly shares: number;
  place(share: number, since: number): SharePlacement;
  /** Messages captured from a share since this process took it. */
  captured(share: number): number;
  /** Whether Temporal knows the search attributes that show a reader's figures. */
  readonly hasAttributes: boolean;
}

const HEARTBEAT_EVERY_MS = 2_000;
/** One statement supplies the figures of all shares of a process. */
const FIGURES_EVERY_MS = 15_000;

/**
 * Reads a share of the mailboxes for a minute or two: while this activity runs, this process is meant to hold the
 * share. It ends so that the workflow shows new figures, or moves to another process; until another process asks for the share,
 * it is still read here. Heartbeats carry the worker and the figures of its accounts. Safe to run twice: the later
 * placement counts.
 */
export function createReadShare({ db }: Pick<Dependencies, 'db'>, of: SharesOfProcess): ReaderActivities {
  const worker = `${hostname()}:${process.pid}`;
  let figures: Promise<readonly ShareFigures[]> | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;

  async function figuresOf(share: number): Promise<Omit<ShareFigures, 'share'>> {
    if (performance.now() - askedAtMs > FIGURES_EVERY_MS) {
      askedAtMs = performance.now();
      figures = listShareFigures(db, of.shares);
    }
    const all = await figures?.catch(() => undefined);
    const { accounts = 0, current = 0, oldestLagSeconds = 0 } = all?.find((each) => each.share === share) ?? {};
    return { accounts, current, oldestLagSeconds };
  }

  return {
    async readShare(share) {
      // The share count was lowered after this workflow began.
      if (share >= of.shares) return { isRetired: true };
      const { info, cancellationSignal: signal, heartbeat } = Context.current();
      const placement = of.place(share, info.currentAttemptScheduledTimestampMs);
      const report = async () => ({ worker, captured: of.captured(share), ...(await figuresOf(share)) });
      try {
        const endsAt = performance.now() + jittered(1.5 * SHARE_PLACED_FOR_MS, Math.random(), 1 / 3);
        while (performance.now() < endsAt && !placement.isToMove()) {
          heartbeat({ isHeld: placement.isHeld(), ...(await report()) });
          await sleep(HEARTBEAT_EVERY_MS, undefined, { signal });
        }
        return { isRetired: false, hasAttributes: of.hasAttributes, ...(await report()) };
      } finally {
        placement.end();
      }
    },
  };
}
