import { readMicrosoftFacts } from '../../database/accounts/microsoft-facts.ts';
import { countStuckWorkflows } from '../../database/accounts/stuck-workflows.ts';
import { readTrailState } from '../../database/audit/trail-state.ts';
import { listProcesses } from '../../database/processes/processes.ts';
import type { Footing } from '../../database/processes/pulse.ts';
import {
  auditHealth,
  type ComponentHealth,
  type HealthComponent,
  microsoftHealth,
  processHealth,
} from '../../domain/health.ts';
import type { ApiDependencies } from '../dependencies.ts';

type Found = Omit<ComponentHealth, 'component'>;

const unknown: Found = { state: 'unknown', reason: 'not-known', since: null, facts: {} };

/**
 * Reads the state of every component: this process's footing, the heartbeats of all processes, the Temporal server, and
 * the condition of the mailboxes. Remembers when a component's state last changed where no table records it.
 */
export function createHealth({ db, footing, temporalAnswers, pausedWorkflows }: ApiDependencies) {
  const remembered = new Map<HealthComponent, { readonly reason: string; readonly since: Date }>();

  function since(component: HealthComponent, { reason, since: known }: Found): Date {
    const before = remembered.get(component);
    if (known === null && before?.reason === reason) return before.since;
    const found = { reason, since: known ?? new Date() };
    remembered.set(component, found);
    return found.since;
  }

  async function ofProcesses(): Promise<readonly [api: Found, workers: Found]> {
    const processes = await listProcesses(db);
    return [processHealth('api', processes), processHealth('workers', processes)];
  }

  return async function readHealth(): Promise<readonly ComponentHealth[]> {
    const [foundation, temporalIsUp, paused, stuck, processes, microsoft, audit] = await Promise.all([
      footing(),
      temporalAnswers(),
      pausedWorkflows(),
      countStuckWorkflows(db).catch(() => ({ count: 0, since: null })),
      ofProcesses().catch(() => nothingHeard),
      readMicrosoftFacts(db).then(microsoftHealth, () => unknown),
      readTrailState(db).then(auditHealth, () => unknown),
    ]);
    // Missing heartbeats mean nothing while the database takes none.
    const [api, workers] = foundation.problem ? nothingHeard : processes;
    const found: Readonly<Record<HealthComponent, Found>> = {
      api,
      workers,
      temporal: ofTemporal(temporalIsUp, stuck, paused),
      database: ofDatabase(foundation),
      microsoft,
      audit,
    };
    return Object.entries(found).map(([name, health]) => {
      const component = name as HealthComponent;
      return { component, ...health, since: since(component, health) };
    });
  };
}

/** The process that answers is alive. */
const nothingHeard = [{ state: 'up', reason: 'works', since: null, facts: {} }, unknown] as const;

const works: Found = { state: 'up', reason: 'works', since: null, facts: {} };

function ofTemporal(
  isUp: boolean,
  { count, since }: Awaited<ReturnType<typeof countStuckWorkflows>>,
  paused: number,
): Found {
  if (!isUp) return { ...works, state: 'down', reason: 'temporal-down' };
  if (count > 0) return { state: 'impaired', reason: 'workflows-stuck', since, facts: { count } };
  return paused === 0
    ? works
    : { state: 'impaired', reason: 'activities-paused', since: null, facts: { count: paused } };
}

function ofDatabase({ problem, since }: Footing): Found {
  if (problem === undefined) return works;
  const { reason, code = '', keyId = '' } = problem;
  return { state: 'down', reason, since, facts: { code, keyId } };
}
