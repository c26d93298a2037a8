import type { TrailState } from './audit-stream.ts';
import { EXPIRY_IMPAIRS_DAYS } from './expiry.ts';

/**
 * The health of Mailroom: one model, from which readiness, the API's health report and the pages' status light follow.
 */

/** The components of Mailroom, and the systems that it depends on. */
export const healthComponents = ['api', 'workers', 'temporal', 'database', 'microsoft', 'audit'] as const;
export type HealthComponent = (typeof healthComponents)[number];

/**
 * `up`: it works. `impaired`: it works in part, or will soon stop. `down`: it does not work. `unknown`: there is no
 * evidence yet.
 */
export const healthStates = ['up', 'impaired', 'down', 'unknown'] as const;
export type HealthState = (typeof healthStates)[number];

/** Why the database is unusable; each is also the reason of a failure. */
export const databaseReasons = [
  'database-down',
  'database-busy',
  'database-full',
  'database-read-only',
  'database-refuses',
  'schema-outdated',
] as const;
export type DatabaseReason = (typeof databaseReasons)[number];

/** Why a process may not decrypt stored data. */
export const keyReasons = ['key-wrong', 'key-missing'] as const;
export type KeyReason = (typeof keyReasons)[number];

/** Why a component has its state. Pages translate by these names: never rename one. */
export const healthReasons = [
  'works',
  ...databaseReasons,
  ...keyReasons,
  'process-silent',
  'process-troubled',
  'worker-none',
  'worker-all-silent',
  'worker-all-troubled',
  'temporal-down',
  'workflows-stuck',
  'activities-paused',
  'microsoft-down',
  'microsoft-partly',
  'microsoft-not-asked',
  'settings-refused',
  'settings-missing',
  'clock-differs',
  'secret-expires',
  'audit-unsealed',
  'audit-not-streamed',
  'certificate-expires',
  'not-known',
] as const;
export type HealthReason = (typeof healthReasons)[number];

export interface ComponentHealth {
  readonly component: HealthComponent;
  readonly state: HealthState;
  readonly reason: HealthReason;
  /** The start of this state; null: unknown. */
  readonly since: Date | null;
  /** Values for the words of the pages. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** A process without a sign of life for this long is stuck or cut off. */
export const SILENT_AFTER_SECONDS = 30;
/** Microsoft's tokens are valid from a point in time; a clock that is five minutes off rejects all of them. */
export const CLOCK_DIFFERS_SECONDS = 60;

/** Entries are sealed within a second or two. */
export const UNSEALED_SECONDS = 60;
/** A receiver of the trail that restarts is away for less. */
export const NOT_STREAMED_SECONDS = 120;

/**
 * When this share of the mailboxes has a condition and there is no sign that others work, Microsoft itself is the
 * cause.
 */
const NO_SINGLE_CASES = 0.1;

/** Facts about a process in the database. */
export interface ProcessFacts {
  readonly kind: 'api' | 'worker';
  readonly silentForSeconds: number;
  readonly seenAt: Date;
  readonly problem: string | null;
  readonly problemSince: Date | null;
}

/** Facts about Microsoft from the reading of all mailboxes. */
export interface MicrosoftFacts {
  /** Mailboxes that should be read. */
  readonly read: number;
  /** Of these, those with a condition caused by Microsoft's answers, and the start of the first. */
  readonly hindered: number;
  readonly hinderedSince: Date | null;
  /** When Microsoft last answered for any mailbox. */
  readonly answeredAt: Date | null;
  /** Microsoft's clock minus that of this installation, for most mailboxes. */
  readonly clockDifferenceSeconds: number | null;
  readonly settings: 'missing' | 'work' | 'refused';
  readonly settingsReason: string | null;
  readonly settingsSince: Date | null;
  /** A certificate takes the place of the client secret. */
  readonly isCertificate: boolean;
  /** Days until the client secret or the certificate ends, rounded up; null: not known. */
  readonly secretDaysLeft: number | null;
}

/** The worst state of all, for a single light. `unknown` raises no alarm. */
export function overallState(components: readonly Pick<ComponentHealth, 'state'>[]): HealthState {
  const states = components.map(({ state }) => state);
  if (states.includes('down')) return 'down';
  return states.includes('impaired') ? 'impaired' : 'up';
}

/** Health of workers, or of API processes: `impaired` when some are silent or have a problem, `down` when all do. */
export function processHealth(
  component: 'api' | 'workers',
  processes: readonly ProcessFacts[],
): Omit<ComponentHealth, 'component'> {
  const all = processes.filter(({ kind }) => kind === (component === 'api' ? 'api' : 'worker'));
  const silent = all.filter(({ silentForSeconds }) => silentForSeconds >= SILENT_AFTER_SECONDS);
  const heard = all.filter((process) => !silent.includes(process));
  const troubled = heard.filter(({ problem }) => problem !== null);
  const facts = {
    count: all.length,
    silent: silent.length,
    troubled: troubled.length,
    seconds: silent.length === 0 ? 0 : Math.floor(Math.min(...silent.map(({ silentForSeconds }) => silentForSeconds))),
    problem: troubled[0]?.problem ?? '',
  };
  const silentSince = earliest(silent.map(({ seenAt }) => seenAt));
  const troubledSince = earliest(troubled.map(({ problemSince }) => problemSince));
  // The API process that answers this is alive, even before its first sign of life is written.
  if (all.length === 0 && component === 'api') return { state: 'up', reason: 'works', since: null, facts };
  if (all.length === 0) return { state: 'down', reason: 'worker-none', since: null, facts };
  if (heard.length === 0) return { state: 'down', reason: 'worker-all-silent', since: silentSince, facts };
  if (troubled.length === heard.length) {
    return { state: 'down', reason: 'worker-all-troubled', since: troubledSince, facts };
  }
  if (troubled.length > 0) return { state: 'impaired', reason: 'process-troubled', since: troubledSince, facts };
  if (silent.length > 0) return { state: 'impaired', reason: 'process-silent', since: silentSince, facts };
  return { state: 'up', reason: 'works', since: null, facts };
}

/** Health of Microsoft, by recent readings of the mailboxes. */
export function microsoftHealth(known: MicrosoftFacts): Omit<ComponentHealth, 'component'> {
  const { read, hindered, hinderedSince, answeredAt, clockDifferenceSeconds, settings } = known;
  const seconds = Math.abs(clockDifferenceSeconds ?? 0);
  const facts = { read, hindered, seconds, ahead: (clockDifferenceSeconds ?? 0) < 0 ? 'this-server' : 'microsoft' };
  if (settings === 'missing') return { state: 'unknown', reason: 'settings-missing', since: null, facts };
  if (settings === 'refused') {
    const problem = known.settingsReason ?? 'app-misconfigured';
    return { state: 'down', reason: 'settings-refused', since: known.settingsSince, facts: { ...facts, problem } };
  }
  if (read === 0) return { state: 'unknown', reason: 'microsoft-not-asked', since: null, facts };
  const answersOthers = hinderedSince === null || (answeredAt !== null && answeredAt >= hinderedSince);
  if (hindered === read || (!answersOthers && hindered >= read * NO_SINGLE_CASES)) {
    return { state: 'down', reason: 'microsoft-down', since: hinderedSince, facts };
  }
  if (seconds >= CLOCK_DIFFERS_SECONDS) return { state: 'impaired', reason: 'clock-differs', since: null, facts };
  if (hindered > 0) return { state: 'impaired', reason: 'microsoft-partly', since: hinderedSince, facts };
  const { secretDaysLeft: days, isCertificate } = known;
  if (days !== null && days <= EXPIRY_IMPAIRS_DAYS) {
    const reason = isCertificate ? 'certificate-expires' : 'secret-expires';
    return { state: 'impaired', reason, since: null, facts: { ...facts, days } };
  }
  return {
    state: answeredAt === null ? 'unknown' : 'up',
    reason: answeredAt === null ? 'not-known' : 'works',
    since: null,
    facts,
  };
}

/** Health of the audit trail: it is sealed, and sent to another system where one is configured. */
export function auditHealth(
  { unsealedSeconds, stream }: TrailState,
  now = new Date(),
): Omit<ComponentHealth, 'component'> {
  const { waiting = 0, lagSeconds = 0, problem = null, failingSince = null, rejected = 0 } = stream ?? {};
  const facts = {
    streamed: stream ? 'yes' : 'no',
    waiting,
    rejected,
    problem: problem ?? '',
    seconds: Math.floor(Math.max(unsealedSeconds, lagSeconds)),
  };
  if (unsealedSeconds >= UNSEALED_SECONDS) return { state: 'impaired', reason: 'audit-unsealed', since: null, facts };
  const failingSeconds = failingSince ? (now.getTime() - failingSince.getTime()) / 1_000 : 0;
  if (failingSeconds >= NOT_STREAMED_SECONDS) {
    return { state: 'impaired', reason: 'audit-not-streamed', since: failingSince, facts };
  }
  return { state: 'up', reason: 'works', since: null, facts };
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).toSorted((one, other) => one.getTime() - other.getTime());
  return known[0] ?? null;
}
