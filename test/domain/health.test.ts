import { describe, expect, it } from 'vitest';
import {
  type MicrosoftFacts,
  microsoftHealth,
  overallState,
  type ProcessFacts,
  processHealth,
} from '../../domain/health.ts';

const NOW = Date.parse('2026-03-04T05:06:07Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1_000);
const aProcess = (
  silentForSeconds = 2,
  problem: string | null = null,
  kind: 'api' | 'worker' = 'worker',
): ProcessFacts => ({
  kind,
  silentForSeconds,
  seenAt: ago(silentForSeconds),
  problem,
  problemSince: problem === null ? null : ago(60),
});
const known = (facts: Partial<MicrosoftFacts> = {}): MicrosoftFacts => ({
  read: 100,
  hindered: 0,
  hinderedSince: null,
  answeredAt: ago(1),
  clockDifferenceSeconds: 0,
  settings: 'work',
  settingsReason: null,
  secretDaysLeft: null,
  isCertificate: false,
  settingsSince: null,
  ...facts,
});

describe('workers', () => {
  it.each<[string, string, string, readonly ProcessFacts[]]>([
    ['that all give signs of life work', 'up', 'works', [aProcess(), aProcess(6)]],
    ['of which there is none are down', 'down', 'worker-none', [aProcess(1, null, 'api')]],
    ['of which the only one stands still are down', 'down', 'worker-all-silent', [aProcess(87)]],
    ['of which one stands still are impaired', 'impaired', 'process-silent', [aProcess(87), aProcess()]],
    ['of which all cannot use the database are down', 'down', 'worker-all-troubled', [aProcess(1, 'key-missing')]],
    ['of which one cannot are impaired', 'impaired', 'process-troubled', [aProcess(1, 'key-missing'), aProcess()]],
    ['that are silent or troubled are down', 'down', 'worker-all-troubled', [aProcess(87), aProcess(1, 'key-missing')]],
  ])('%s', (_name, state, reason, processes) => {
    expect(processHealth('workers', processes)).toMatchObject({ state, reason });
  });

  it('that stand still say since when', () => {
    expect(processHealth('workers', [aProcess(87), aProcess(300)])).toMatchObject({
      since: ago(300),
      facts: { silent: 2, count: 2, seconds: 87 },
    });
  });
});

describe('Microsoft', () => {
  it.each<[string, string, string, MicrosoftFacts]>([
    ['that answers works', 'up', 'works', known()],
    ['that hinders every mailbox is down', 'down', 'microsoft-down', known({ hindered: 100, hinderedSince: ago(60) })],
    [
      'that has answered nobody since it hinders a part is down',
      'down',
      'microsoft-down',
      known({ hindered: 20, hinderedSince: ago(60), answeredAt: ago(70) }),
    ],
    [
      'that hinders one mailbox, while no other was asked since, is impaired',
      'impaired',
      'microsoft-partly',
      known({ hindered: 1, hinderedSince: ago(60), answeredAt: ago(70) }),
    ],
    ['that hinders a few is impaired', 'impaired', 'microsoft-partly', known({ hindered: 3, hinderedSince: ago(60) })],
    [
      'whose clock differs by minutes is impaired',
      'impaired',
      'clock-differs',
      known({ clockDifferenceSeconds: -200 }),
    ],
    ['whose secret ends within a fortnight is impaired', 'impaired', 'secret-expires', known({ secretDaysLeft: 14 })],
    [
      'whose secret has ended is impaired as long as Microsoft takes it',
      'impaired',
      'secret-expires',
      known({ secretDaysLeft: -1 }),
    ],
    [
      'whose certificate ends within a fortnight is impaired',
      'impaired',
      'certificate-expires',
      known({ secretDaysLeft: 14, isCertificate: true }),
    ],
    ['whose secret ends later works', 'up', 'works', known({ secretDaysLeft: 15 })],
    ['whose clock differs by seconds works', 'up', 'works', known({ clockDifferenceSeconds: 20 })],
    ['that nobody asked is unknown', 'unknown', 'microsoft-not-asked', known({ read: 0, answeredAt: null })],
    ['that has not answered yet is unknown', 'unknown', 'not-known', known({ answeredAt: null })],
    ['without settings is unknown', 'unknown', 'settings-missing', known({ settings: 'missing' })],
    [
      'that refuses the settings is down',
      'down',
      'settings-refused',
      known({ settings: 'refused', settingsReason: 'secret-expired', settingsSince: ago(5) }),
    ],
  ])('%s', (_name, state, reason, facts) => {
    expect(microsoftHealth(facts)).toMatchObject({ state, reason });
  });

  it('says whose clock is ahead', () => {
    expect(microsoftHealth(known({ clockDifferenceSeconds: -200 })).facts).toMatchObject({
      seconds: 200,
      ahead: 'this-server',
    });
  });
});

describe('all of it', () => {
  it.each([
    ['down', ['up', 'impaired', 'down', 'unknown']],
    ['impaired', ['up', 'impaired', 'unknown']],
    ['up', ['up', 'unknown']],
  ] as const)('is %s with %j', (state, states) => {
    expect(overallState(states.map((one) => ({ state: one })))).toBe(state);
  });
});
