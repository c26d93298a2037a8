import { type Harm, type PlannedAccount, type PlannedHarm, targets, thingOf } from './plan.ts';
import type { Random } from './random.ts';

interface HarmOptions {
  readonly durationMs: number;
  readonly accounts: readonly PlannedAccount[];
  readonly kills: number;
  /** All kinds except kills, faults of the simulator included; approximate. */
  readonly harms: number;
  readonly faultKinds: readonly string[];
  readonly random: Random;
}

/** A process that is killed again before it has started would never do anything. */
const STARTS_WITHIN_MS = 4_000;
const TRIES_AGAIN_MS = 500;
/** Share of harms that are faults of the simulator. */
const FAULTS = 0.6;
/** Everything runs before the first harm, and work goes on after the last one. */
const QUIET_START_MS = 2_000;
const QUIET_END_MS = 3_000;

/** Duration of harms, in milliseconds. */
const lasts = {
  kill: [0, 2_000],
  /** Outlasts heartbeats (5 s) and some leases: of drains 15 s, of shares 8 s, of items 30 s. */
  freeze: [1_000, 25_000],
  cut: [500, 12_000],
  hold: [1_000, 25_000],
  'postgres-restart': [0, 4_000],
  'postgres-freeze': [1_000, 15_000],
  'disk-full': [3_000, 15_000],
  'temporal-away': [5_000, 120_000],
  'temporal-emptied': [0, 10_000],
  /** Polls time out after ten seconds, single messages after thirty. */
  'simulator-freeze': [1_000, 20_000],
  'simulator-fault': [3_000, 20_000],
} as const;

/** How often each kind is in the deck. */
const deck = [
  ...['freeze', 'freeze', 'freeze', 'cut', 'cut', 'hold', 'hold'],
  ...['postgres-restart', 'postgres-freeze', 'disk-full', 'temporal-away', 'temporal-emptied', 'simulator-freeze'],
] as const;
type Dealt = (typeof deck)[number];

/**
 * Plans what goes wrong and when. Harms to the same target never overlap; harms to different targets do. Harms and
 * faults of the simulator are dealt like cards: none repeats before all the others were dealt.
 */
export function planHarms({
  durationMs,
  accounts,
  kills,
  harms: others,
  faultKinds,
  random,
}: HarmOptions): readonly PlannedHarm[] {
  const lastAt = durationMs - QUIET_END_MS;
  const busyUntil = new Map<string, number>();
  const harms: PlannedHarm[] = [];

  const duration = (kind: keyof typeof lasts, at: number) => {
    const [least, most] = lasts[kind];
    return Math.max(0, Math.min(random.between(least, Math.min(most, Math.max(least, durationMs / 5))), lastAt - at));
  };
  const isFree = (thing: string, at: number) => (busyUntil.get(thing) ?? 0) <= at;

  function choose(kind: Dealt | 'kill', at: number): Harm {
    const forMs = duration(kind, at);
    const free = targets.filter((name) => isFree(name, at));
    const target = random.pick(free.length > 0 ? free : targets);
    if (kind === 'kill' || kind === 'freeze') return { do: kind, target, forMs };
    if (kind !== 'cut' && kind !== 'hold') return { do: kind, forMs };
    const from = random.weighted([
      ['postgres', 3],
      ['temporal', 2],
      ['simulator', 1],
    ] as const);
    return { do: kind, target, from, forMs };
  }
  function strike(kind: Dealt | 'kill', at: number): void {
    const harm = choose(kind, at);
    const thing = thingOf(harm);
    if (isFree(thing, at)) {
      harms.push({ ...harm, at });
      busyUntil.set(thing, at + harm.forMs + (kind === 'kill' ? STARTS_WITHIN_MS : 0));
    } else if (kind === 'kill' && at + TRIES_AGAIN_MS < lastAt) {
      // Each requested harm has to come at least once.
      strike(kind, at + TRIES_AGAIN_MS);
    }
  }

  const gap = (lastAt - QUIET_START_MS) / Math.max(1, kills);
  const events = [
    ...Array.from({ length: kills }, (_, n) => {
      return { at: QUIET_START_MS + (n + random.fraction()) * gap, kind: 'kill' as const };
    }),
    ...deal(deck, others * (1 - FAULTS), lastAt, random),
  ];
  for (const { at, kind } of events.toSorted((a, b) => a.at - b.at)) strike(kind, Math.round(at));
  for (const { at, kind } of deal(faultKinds, others * FAULTS, lastAt, random)) {
    harms.push({ ...aFault(kind, accounts, random), forMs: duration('simulator-fault', at), at });
  }
  return harms.toSorted((a, b) => a.at - b.at);
}

/** Deals this many cards, spread evenly over the time with some jitter. */
function deal<Kind extends string>(
  cards: readonly Kind[],
  count: number,
  lastAt: number,
  random: Random,
): readonly { readonly at: number; readonly kind: Kind }[] {
  const dealt: { at: number; kind: Kind }[] = [];
  let left: Kind[] = [];
  const gap = (lastAt - QUIET_START_MS) / Math.max(1, count);
  for (let n = 0; n < Math.round(count); n++) {
    if (left.length === 0) left = [...cards];
    const [kind] = left.splice(random.between(0, left.length - 1), 1);
    if (kind !== undefined) dealt.push({ at: Math.round(QUIET_START_MS + (n + random.fraction()) * gap), kind });
  }
  return dealt;
}

const ONE_MAILBOX = 0.7;

/**
 * Parameters of a fault: one mailbox or all, always or by chance. Kinds ignore the parameters that they do not need.
 */
function aFault(kind: string, accounts: readonly PlannedAccount[], random: Random) {
  const mailbox = random.chance(ONE_MAILBOX) ? random.pick(accounts).address : undefined;
  const fault = {
    kind,
    probability: random.pick([0.2, 0.5, 1]),
    seed: random.between(0, 1_000_000),
    delayMs: random.between(100, 3_000),
    retryAfterSeconds: random.between(0, 4),
    ...(mailbox === undefined ? {} : { mailbox }),
  };
  return { do: 'simulator-fault' as const, fault };
}
