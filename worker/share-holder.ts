import type pg from 'pg';
import type { Logger } from 'pino';
import type { SharePlacement } from '../activities/read-share.ts';
import { createShareLocks, SHARES_CHANNEL, type ShareLocks } from '../database/ingest/share-locks.ts';
import { type ConnectionSource, keepConnection } from '../database/lasting-connection.ts';
import { createInterruptiblePause } from './interruptible-pause.ts';

export interface ShareHolder {
  /**
   * Temporal wants the share read here. `since`: when it placed the share, by its clock; of two processes the later
   * placement counts. When the placement ends, the share is kept until another process wants it.
   */
  place(share: number, since: number): SharePlacement;
  held(): ReadonlySet<number>;
  stop(): Promise<void>;
}

export interface ShareHolderOptions extends ConnectionSource {
  readonly shares: number;
  readonly logger: Logger;
  /** Called with the shares that are held from now on. */
  readonly onChange: (held: ReadonlySet<number>) => void;
  /** A mailbox of a held share became due. */
  readonly onNotice: (accountId: string) => void;
}

/** Interval of the search for free shares; at most twice as long. */
const ROUND_EVERY_MS = 1_000;
/** Interval while free shares exist, so that workers that start together take turns. */
const ROUND_IN_TURN_MS = 50;
/** Number of turns in which all shares are taken. */
const TURNS = 8;
/** Delay before a joining process takes activities of Temporal's. */
const JOINS_AFTER_MS = 3_000;
/** Processes that join together are spread over this time. */
const JOINS_WITHIN_MS = 5_000;
/** A holder that has not answered for this long is considered stuck. */
const ANSWERS_WITHIN_MS = 4_000;

/**
 * Holds shares of the mailboxes for this process, by locks of PostgreSQL on one session. The first process that sees a
 * free share takes it, with or without Temporal; Temporal decides who keeps it. A process in which Temporal has placed
 * a share asks for it, and the holder releases it unless Temporal placed it there later. A share is thus read on while
 * Temporal is away, and moves at once when a process dies, because its locks die with it. When the connection is lost,
 * all shares are: two processes may then read one mailbox for a moment, which the cursor's fence makes harmless.
 */
export function holdShares({ shares, logger, onChange, onNotice, ...source }: ShareHolderOptions): ShareHolder {
  const pause = createInterruptiblePause();
  const placed = new Map<number, PlacedShare>();
  const all = Array.from({ length: shares }, (_, share) => share);
  let held: ReadonlySet<number> = new Set();
  let locks: ShareLocks | undefined;
  let ownPid = 0;
  let isStopped = false;

  function change(next: ReadonlySet<number>): void {
    held = next;
    onChange(next);
  }

  async function take(wanted: readonly number[], by: ShareLocks): Promise<void> {
    if (wanted.length === 0) return;
    const taken = await by.take(wanted);
    if (taken.length === 0 || by !== locks) return;
    for (const share of taken) {
      const placement = placed.get(share);
      if (placement) placement.askedAtMs = undefined;
    }
    change(new Set([...held, ...taken]));
    logger.info({ shares: taken, held: held.size }, 'shares.taken');
  }

  async function letGo(share: number, by: ShareLocks): Promise<void> {
    change(new Set([...held].filter((other) => other !== share)));
    await by.release(share);
    await by.say(`given ${share}`);
    logger.info({ shares: [share], held: held.size }, 'shares.given');
  }

  async function ask(share: number, placement: PlacedShare, by: ShareLocks) {
    placement.askedAtMs ??= performance.now();
    if (performance.now() - placement.askedAtMs > ANSWERS_WITHIN_MS) {
      placement.askedAtMs = undefined;
      logger.warn({ shares: [share] }, 'shares.evicted');
      await by.evict(share);
    } else await by.say(`want ${share} ${placement.since}`);
  }

  /** Returns whether another round follows at once. */
  async function round(by: ShareLocks): Promise<boolean> {
    await take(
      [...placed.keys()].filter((share) => !held.has(share)),
      by,
    );
    for (const [share, placement] of placed) if (!held.has(share)) await ask(share, placement, by);
    const taken = await by.listHeld();
    const free = all.filter((share) => !taken.has(share) && !held.has(share));
    await take(shuffled(free).slice(0, Math.ceil(shares / TURNS)), by);
    return free.length > 0 || [...placed.keys()].some((share) => !held.has(share));
  }

  /**
   * Ends half of the placements early: together with those of all others, that is more than a joining process's fair
   * share.
   */
  function makeRoom(): void {
    for (const placement of placed.values()) {
      if (Math.random() > 0.5) continue;
      placement.movesAtMs = performance.now() + JOINS_AFTER_MS + Math.random() * JOINS_WITHIN_MS;
    }
  }

  async function hear({ channel, payload = '', processId }: pg.Notification): Promise<void> {
    if (channel !== SHARES_CHANNEL) return onNotice(payload);
    const by = locks;
    if (processId === ownPid || !by) return;
    if (payload === 'join') return makeRoom();
    const [word, name, time] = payload.split(' ');
    const share = Number(name);
    const placement = placed.get(share);
    if (word === 'want' && held.has(share)) {
      if (placement && placement.since >= Number(time)) await by.say(`keep ${share} ${placement.since}`);
      else await letGo(share, by);
    } else if (word === 'keep' && placement && placement.since < Number(time)) placed.delete(share);
    else if (word === 'free' || (word === 'given' && placement)) pause.interrupt();
  }

  const connection = keepConnection(source, {
    async onConnected(query) {
      const fresh = createShareLocks(query, shares);
      ownPid = await fresh.begin();
      locks = fresh;
      await fresh.say('join');
      pause.interrupt();
    },
    onNotice: (notice) => void hear(notice).catch(() => {}), // the connection is lost, which is logged separately
    onLost() {
      locks = undefined;
      if (held.size > 0) logger.warn({ held: held.size }, 'shares.lost');
      change(new Set());
    },
  });

  async function run(): Promise<void> {
    while (!isStopped) {
      // A round that fails has lost its connection.
      const isInTurn = locks !== undefined && (await round(locks).catch(() => false));
      const everyMs = isInTurn ? ROUND_IN_TURN_MS : ROUND_EVERY_MS;
      await pause.wait(everyMs * (1 + Math.random()), ROUND_IN_TURN_MS);
    }
  }

  const running = run();
  return {
    place(share, since) {
      const placement: PlacedShare = { since, askedAtMs: undefined, movesAtMs: Number.POSITIVE_INFINITY };
      placed.set(share, placement);
      if (!held.has(share)) pause.interrupt();
      return {
        isHeld: () => held.has(share),
        isToMove: () => performance.now() >= placement.movesAtMs,
        end: () => void (placed.get(share) === placement && placed.delete(share)),
      };
    },
    held: () => held,
    async stop() {
      isStopped = true;
      pause.end();
      await running;
      change(new Set());
      await locks?.say('free').catch(() => {});
      await connection.close();
    },
  };
}

interface PlacedShare {
  readonly since: number;
  /** When its holder was asked to release it. */
  askedAtMs: number | undefined;
  movesAtMs: number;
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
