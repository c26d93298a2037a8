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
  /** From now on Temporal places shares here as well: the other processes leave this one its fair share. */
  join(): void;
  /** How many shares at most Temporal places here: the fair share of a process. */
  fairShare(): number;
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

/**
 * Holds shares of the mailboxes for this process, by locks of PostgreSQL on one session. The first process that sees a
 * free share takes it, with or without Temporal; Temporal decides who keeps it. A process in which Temporal has placed
 * a share asks for it until it has it, and the holder releases it unless Temporal placed it there later. A process with
 * more than its fair share of placements ends some, and takes no others. A share is thus read on while Temporal is
 * away, and moves at once when a process dies, because its locks die with it. When the connection is lost, all shares
 * are: two processes may then read one mailbox for a moment, which the cursor's fence makes harmless.
 */
export function holdShares({ shares, logger, onChange, onNotice, ...source }: ShareHolderOptions): ShareHolder {
  const pause = createInterruptiblePause();
  /** When Temporal placed each share here, the first placement first. */
  const placed = new Map<number, number>();
  const all = Array.from({ length: shares }, (_, share) => share);
  let held: ReadonlySet<number> = new Set();
  let locks: ShareLocks | undefined;
  let ownPid = 0;
  let isJoined = false;
  let processes = 1;
  let isStopped = false;

  function change(next: ReadonlySet<number>): void {
    held = next;
    onChange(next);
  }

  async function take(wanted: readonly number[], by: ShareLocks): Promise<void> {
    if (wanted.length === 0) return;
    const taken = await by.take(wanted);
    if (taken.length === 0 || by !== locks) return;
    change(new Set([...held, ...taken]));
    logger.info({ shares: taken, held: held.size }, 'shares.taken');
  }

  async function letGo(share: number, by: ShareLocks): Promise<void> {
    change(new Set([...held].filter((other) => other !== share)));
    await by.release(share);
    logger.info({ shares: [share], held: held.size }, 'shares.given');
  }

  const missing = () => [...placed.keys()].filter((share) => !held.has(share));

  /** Asks the holders of shares that are placed here. Those that stand still do not hear it. */
  async function ask(by: ShareLocks): Promise<void> {
    const wanted = missing();
    if (wanted.length === 0) return;
    const evicted = await by.evict(wanted);
    if (evicted.length > 0) logger.warn({ shares: evicted }, 'shares.evicted');
    for (const share of wanted) await by.say(`want ${share} ${placed.get(share)}`);
  }

  /** Returns whether another round follows at once. */
  async function round(by: ShareLocks): Promise<boolean> {
    await take(missing(), by);
    await ask(by);
    const inUse = await by.look();
    processes = Math.max(1, inUse.processes);
    const free = all.filter((share) => !inUse.taken.has(share) && !held.has(share));
    await take(shuffled(free).slice(0, Math.ceil(shares / TURNS)), by);
    return free.length > 0 || missing().length > 0;
  }

  const fairShare = () => Math.ceil(shares / processes);

  async function hear({ channel, payload = '', processId }: pg.Notification): Promise<void> {
    if (channel !== SHARES_CHANNEL) return onNotice(payload);
    const by = locks;
    if (processId === ownPid || !by) return;
    const [word, name, time] = payload.split(' ');
    const share = Number(name);
    if (word === 'free') pause.interrupt();
    if (word === 'want' && held.has(share) && Number(time) > (placed.get(share) ?? 0)) await letGo(share, by);
  }

  const connection = keepConnection(source, {
    async onConnected(query) {
      const fresh = createShareLocks(query, shares);
      ownPid = await fresh.begin();
      if (isJoined) await fresh.join();
      locks = fresh;
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
      placed.delete(share);
      placed.set(share, since);
      if (!held.has(share)) pause.interrupt();
      return {
        isHeld: () => held.has(share),
        isToMove: () => [...placed.keys()].indexOf(share) >= fairShare(),
        end: () => void (placed.get(share) === since && placed.delete(share)),
      };
    },
    join() {
      isJoined = true;
      void locks?.join().catch(() => {}); // the connection is lost; the next one joins
    },
    fairShare,
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

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
