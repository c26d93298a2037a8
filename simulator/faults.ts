import type { DatabaseSync } from 'node:sqlite';

/** The kinds of faults, by name. */
export const FAULT_KINDS = [
  'throttle',
  'unavailable',
  'gateway-timeout',
  'error',
  'slow',
  'reset',
  'lost-sync-state',
  'quota',
  'invalid-grant',
  'invalid-client',
  'entra-refusal',
  'token-refused',
  'foreign-answer',
  'not-a-mailbox',
  'clock',
  'duplicate-entries',
  'shuffled-entries',
  'empty-pages',
  'partial-updates',
  'missing-headers',
  'corrupt-message',
  'not-found',
  'lagging-entries',
  'hidden-moves',
  'hidden-returns',
  'mailbox-gone',
  'access-denied',
  'malformed-links',
  'lost-notifications',
  'duplicate-notifications',
  'late-notifications',
  'shuffled-notifications',
  'unreadable-message',
  'unreadable-attachments',
  'scanning-attachments',
  'poisoned-page',
  'large-pages',
  'same-next-link',
  'repeated-pages',
  'silent-delta',
  'no-links',
  'delta-refused',
  'delta-filter-refused',
  'unknown-count',
  'cut-json',
  'validation-timeout',
  'subscription-error',
  'late-send',
  'lost-send',
  'duplicate-send',
  'send-refused',
  'lost-answer',
  'failed-answer',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Why the mailbox behind a subscription refuses; see `wrappedError`. */
export const FAULT_REASONS = ['unsupported', 'stale', 'quarantined', 'forbidden', 'canceled'] as const;

/** What an address can be instead of a mailbox of that name. */
export const ADDRESS_KINDS = ['group', 'distribution-list', 'alias'] as const;

export type FaultReason = (typeof FAULT_REASONS)[number];

/**
 * Answers that `poisoned-page` and `unreadable-message` leave intact: those without bodies, or with nothing but ids.
 */
export const FAULT_MERCIES = ['bodiless', 'ids'] as const;

export type FaultMercy = (typeof FAULT_MERCIES)[number];

/** An active fault. Times are in milliseconds unless the name says otherwise. */
export interface Fault {
  readonly id: number;
  readonly kind: FaultKind;
  /** Address in lower case; null: every mailbox, and requests without one. */
  readonly mailbox: string | null;
  /** Part of the endpoint's name as in `GET /control/stats`; null: every endpoint. */
  readonly endpoint: string | null;
  /** How many more requests it strikes; null: until it is switched off. */
  readonly remaining: number | null;
  /** Probability of striking a matching request, above 0 to 1. */
  readonly probability: number;
  readonly seed: number;
  /** `throttle`, `unavailable`, `gateway-timeout`: the Retry-After header, in seconds; may be fractional. */
  readonly retryAfterSeconds: number | null;
  /** `slow`: the delay of the answer; `late-send`: how long a mail stays a draft; `late-notifications`, `shuffled-notifications`: the longest delay; `lost-answer`: how long the connection stays open. */
  readonly delayMs: number | null;
  /** `unavailable`, `error`, `gateway-timeout`: answer without a body. */
  readonly emptyBody: boolean;
  /** `corrupt-message`, `not-found`: the affected message (either id form); null: every message. */
  readonly messageId: string | null;
  /** `subscription-error`: the mailbox's error; null: that it has no REST API. */
  readonly reason: FaultReason | null;
  /** The answer's status, where the kind has more than one; null: the first that the README names. */
  readonly status: number | null;
  /** `large-pages`: the largest page that still works. */
  readonly pageSize: number | null;
  /** Which answers about the message still work; null: none. */
  readonly spares: FaultMercy | null;
  /** `not-a-mailbox`: what the address is; null: a distribution list. */
  readonly addressIs: (typeof ADDRESS_KINDS)[number] | null;
  /** `entra-refusal`: the AADSTS number; and the `error` with it, by default `invalid_grant`. `send-refused`: the code. `error`: its text. */
  readonly aadsts: number | null;
  readonly error: string | null;
  readonly suberror: string | null;
  /** `clock`: how many seconds Microsoft's clock is ahead of ours. */
  readonly skewSeconds: number | null;
  /** How often it has struck so far. */
  readonly strikes: number;
}

export interface NewFault {
  readonly kind: FaultKind;
  readonly mailbox?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly count?: number | undefined;
  readonly probability?: number | undefined;
  readonly seed?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly delayMs?: number | undefined;
  readonly emptyBody?: boolean | undefined;
  readonly messageId?: string | undefined;
  readonly reason?: FaultReason | undefined;
  readonly status?: number | undefined;
  readonly pageSize?: number | undefined;
  readonly spares?: FaultMercy | undefined;
  readonly addressIs?: (typeof ADDRESS_KINDS)[number] | undefined;
  readonly aadsts?: number | undefined;
  readonly error?: string | undefined;
  readonly suberror?: string | undefined;
  readonly skewSeconds?: number | undefined;
}

/** A request that a fault could strike. */
export interface FaultPlace {
  readonly endpoint: string;
  /** Primary address in lower case, where the request belongs to a mailbox or a user. */
  readonly mailbox?: string | undefined;
  /** Either form of a message's id. */
  readonly messageIds?: readonly string[] | undefined;
  /** The requested properties; null: the default ones, including bodies. Absent: the request has no properties. */
  readonly select?: ReadonlySet<string> | null | undefined;
  /** Requested page size in messages. */
  readonly pageSize?: number | undefined;
}

/** The active faults. They survive a restart, like everything in the simulator. */
export interface Faults {
  add(fault: NewFault): Fault;
  list(): Fault[];
  /** Switches off one fault, or all. Returns how many. */
  remove(id?: number): number;
  /**
   * The first fault of the kind that strikes this request, or undefined. Counts the strike: call it once for each
   * request, and only when the result is used.
   */
  take(kind: FaultKind, place: FaultPlace): Fault | undefined;
  /** Seconds by which a fault sets Microsoft's clock ahead of ours. */
  clockSkewSeconds(): number;
  /** Whether any fault of the kind is on: a cheap check before computing what `take` needs. */
  isOn(kind: FaultKind): boolean;
}

interface LiveFault extends Fault {
  readonly random: () => number;
}

export function createFaults(database: DatabaseSync): Faults {
  database.exec(`
    CREATE TABLE IF NOT EXISTS faults (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      content TEXT NOT NULL
    ) STRICT`);
  const insert = database.prepare('INSERT INTO faults (content) VALUES (?)');
  const update = database.prepare('UPDATE faults SET content = ? WHERE id = ?');
  const forget = database.prepare('DELETE FROM faults WHERE id = ?');

  const live = new Map<FaultKind, LiveFault[]>();
  const remember = (fault: Fault): void => {
    const random = randomFrom(fault.seed + fault.strikes);
    live.set(fault.kind, [...(live.get(fault.kind) ?? []), { ...fault, random }]);
  };
  for (const row of database.prepare('SELECT id, content FROM faults ORDER BY id').all()) {
    remember({ ...(JSON.parse(String(row.content)) as Fault), id: Number(row.id) });
  }

  const strike = (fault: LiveFault): Fault => {
    const { random, ...before } = fault;
    const remaining = before.remaining === null ? null : before.remaining - 1;
    const after: Fault = { ...before, remaining, strikes: before.strikes + 1 };
    const others = (live.get(fault.kind) ?? []).filter((other) => other.id !== fault.id);
    const kept = remaining === 0 ? others : [...others, { ...after, random }].sort((a, b) => a.id - b.id);
    live.set(fault.kind, kept);
    if (remaining === 0) forget.run(fault.id);
    else if (remaining !== null) update.run(JSON.stringify(after), fault.id);
    return after;
  };

  return {
    add(wanted) {
      const fault = {
        kind: wanted.kind,
        mailbox: wanted.mailbox?.toLowerCase() ?? null,
        endpoint: wanted.endpoint ?? null,
        remaining: wanted.count ?? null,
        probability: wanted.probability ?? 1,
        seed: wanted.seed ?? Math.floor(Math.random() * 2 ** 31),
        retryAfterSeconds: wanted.retryAfterSeconds ?? null,
        delayMs: wanted.delayMs ?? null,
        emptyBody: wanted.emptyBody ?? false,
        messageId: wanted.messageId ?? null,
        reason: wanted.reason ?? null,
        status: wanted.status ?? null,
        pageSize: wanted.pageSize ?? null,
        spares: wanted.spares ?? null,
        addressIs: wanted.addressIs ?? null,
        aadsts: wanted.aadsts ?? null,
        error: wanted.error ?? null,
        suberror: wanted.suberror ?? null,
        skewSeconds: wanted.skewSeconds ?? null,
        strikes: 0,
      };
      const { lastInsertRowid } = insert.run(JSON.stringify(fault));
      const added: Fault = { ...fault, id: Number(lastInsertRowid) };
      remember(added);
      return added;
    },

    list: () =>
      [...live.values()]
        .flat()
        .map(({ random, ...fault }) => fault)
        .sort((a, b) => a.id - b.id),

    remove(id) {
      let removed = 0;
      for (const [kind, faults] of live) {
        const kept = id === undefined ? [] : faults.filter((fault) => fault.id !== id);
        removed += faults.length - kept.length;
        live.set(kind, kept);
      }
      if (id === undefined) database.exec('DELETE FROM faults');
      else forget.run(id);
      return removed;
    },

    clockSkewSeconds: () => live.get('clock')?.[0]?.skewSeconds ?? 0,

    isOn: (kind) => (live.get(kind) ?? []).length > 0,

    take(kind, place) {
      const fault = live.get(kind)?.find((candidate) => fits(candidate, place) && strikesNow(candidate));
      return fault && strike(fault);
    },
  };
}

function fits(fault: Fault, place: FaultPlace): boolean {
  if (fault.mailbox !== null && fault.mailbox !== place.mailbox) return false;
  if (fault.endpoint !== null && !place.endpoint.includes(fault.endpoint)) return false;
  // Stored faults may be older than these options.
  if ((fault.pageSize ?? null) !== null && (place.pageSize ?? 0) <= (fault.pageSize ?? 0)) return false;
  if (isSpared(fault.spares ?? null, place.select)) return false;
  return fault.messageId === null || (place.messageIds?.includes(fault.messageId) ?? false);
}

const BODY_PROPERTIES: ReadonlySet<string> = new Set(['body', 'uniqueBody', 'internetMessageHeaders']);

function isSpared(spares: FaultMercy | null, select: FaultPlace['select']): boolean {
  if (spares === null || select === null || select === undefined) return false;
  const asked = [...select];
  return spares === 'ids' ? asked.every((name) => name === 'id') : !asked.some((name) => BODY_PROPERTIES.has(name));
}

function strikesNow(fault: LiveFault): boolean {
  return fault.probability >= 1 || fault.random() < fault.probability;
}

/** From 0 to 1 for a fault that has just struck: the same in every run with its seed. */
export function drawFrom({ seed, strikes }: Pick<Fault, 'seed' | 'strikes'>): number {
  return randomFrom(seed + strikes)();
}

/** mulberry32: the same seed gives the same run, so that a failure under random faults is reproducible. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
