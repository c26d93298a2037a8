/**
 * How Mailroom is: one model, from which readiness, the API's account of it and the light of the pages follow.
 */

/** What Mailroom consists of and stands on. */
export const healthComponents = ['api', 'workers', 'temporal', 'database', 'microsoft'] as const;
export type HealthComponent = (typeof healthComponents)[number];

/**
 * `up`: it works. `impaired`: it works in part, or soon no more. `down`: it does not. `unknown`: there is nothing yet from
 * which it could be known.
 */
export const healthStates = ['up', 'impaired', 'down', 'unknown'] as const;
export type HealthState = (typeof healthStates)[number];

/** Why the database cannot be used as it must be; each is the reason of a failure, too. */
export const databaseReasons = [
  'database-down',
  'database-busy',
  'database-full',
  'database-read-only',
  'database-refuses',
  'schema-outdated',
] as const;
export type DatabaseReason = (typeof databaseReasons)[number];

/** Why a process may not decrypt what is stored. */
export const keyReasons = ['key-wrong', 'key-missing'] as const;
export type KeyReason = (typeof keyReasons)[number];

/** Why a component is as it is. Pages translate by these names: never rename one. */
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
  'microsoft-down',
  'microsoft-partly',
  'microsoft-not-asked',
  'settings-refused',
  'settings-missing',
  'clock-differs',
  'not-known',
] as const;
export type HealthReason = (typeof healthReasons)[number];

export interface ComponentHealth {
  readonly component: HealthComponent;
  readonly state: HealthState;
  readonly reason: HealthReason;
  /** Since when it is so; null where that is not known. */
  readonly since: Date | null;
  /** What the words name. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** A process that has not been heard of for so long stands still, or is cut off. */
export const SILENT_AFTER_SECONDS = 30;
/** Tokens of Microsoft count from a moment; with a clock that differs by five minutes none works. */
export const CLOCK_DIFFERS_SECONDS = 60;

/** When so large a share of the mailboxes is hindered, and nothing shows that others are not, it is Microsoft itself. */
const NO_SINGLE_CASES = 0.1;

/** A process as the database knows it. */
export interface ProcessFacts {
  readonly kind: 'api' | 'worker';
  readonly silentForSeconds: number;
  readonly seenAt: Date;
  readonly problem: string | null;
  readonly problemSince: Date | null;
}

/** What is known of Microsoft from the reading of all mailboxes. */
export interface MicrosoftFacts {
  /** Mailboxes that are to be read. */
  readonly read: number;
  /** Of these, how many Microsoft's answers hinder, and since when the first. */
  readonly hindered: number;
  readonly hinderedSince: Date | null;
  /** When Microsoft last answered for any mailbox. */
  readonly answeredAt: Date | null;
  /** Microsoft's clock minus that of this installation: of most mailboxes. */
  readonly clockDifferenceSeconds: number | null;
  readonly settings: 'missing' | 'work' | 'refused';
  readonly settingsReason: string | null;
  readonly settingsSince: Date | null;
}

/** The worst of all, for a single light. What is not known alarms nobody. */
export function overallState(components: readonly Pick<ComponentHealth, 'state'>[]): HealthState {
  const states = components.map(({ state }) => state);
  if (states.includes('down')) return 'down';
  return states.includes('impaired') ? 'impaired' : 'up';
}

/** Workers, or API processes: some that are silent or troubled impair, and all of them are none. */
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
  // The API process that is asked lives, whether its first sign of life is written yet or not.
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

/** Microsoft, by what the reading of the mailboxes found lately. */
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
  return {
    state: answeredAt === null ? 'unknown' : 'up',
    reason: answeredAt === null ? 'not-known' : 'works',
    since: null,
    facts,
  };
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).toSorted((one, other) => one.getTime() - other.getTime());
  return known[0] ?? null;
}
