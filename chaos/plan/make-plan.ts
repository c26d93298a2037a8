import type { AccountKind, Plan, PlannedAccount } from './plan.ts';
import { planAdministration } from './plan-administration.ts';
import { planAgents } from './plan-agents.ts';
import { planHarms } from './plan-harms.ts';
import { planMail } from './plan-mail.ts';
import { planRenames } from './plan-renames.ts';
import { createRandom } from './random.ts';

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly mailsPerMinute: number;
  readonly killsPerMinute: number;
  /** All harms except kills. */
  readonly harmsPerMinute: number;
  readonly accounts: number;
  readonly agents: number;
  /** Every fault of the simulator, by name. */
  readonly faultKinds: readonly string[];
}

/** Each subject contains one of these, or none. */
export const keywords = ['refund', 'invoice', 'delivery', 'broken', 'password', 'cancel'] as const;
const queues = ['General', 'Refunds', 'Billing', 'Logistics', 'Access'] as const;
/**
 * Only reconciliation finds the mail that these faults hide, and it skips the last two minutes: a shorter run would
 * wait for it longer than the run takes.
 */
const foundByComparison: ReadonlySet<string> = new Set(['hidden-moves', 'hidden-returns']);
const COMPARES_FROM_MINUTES = 2;

/** For every ten accounts. */
const kinds: readonly AccountKind[] = [
  'push',
  'poll',
  'shared',
  'push',
  'push',
  'poll',
  'push',
  'shared',
  'push',
  'push',
];

/** Plans what every actor does and when. The same options give the same plan. */
export function makePlan(options: PlanOptions): Plan {
  const { seed, minutes } = options;
  const durationMs = minutes * 60_000;
  const accounts = Array.from({ length: options.accounts }, (_, n) => anAccount(n));
  const agents = Array.from({ length: options.agents }, (_, n) => `agent-${n + 1}`);
  const common = { seed, durationMs, accounts, queues: queues.length };
  const actions = [
    ...planMail({ ...common, mails: Math.round(options.mailsPerMinute * minutes), keywords }),
    ...planAdministration({ ...common, keywords }),
    ...planAgents({ ...common, agents }),
    ...planRenames(common),
  ];
  return {
    seed,
    minutes,
    accounts,
    queues,
    routing: {
      defaultQueue: 0,
      rules: keywords.slice(0, 3).map((keyword, n) => ({ queue: n + 1, keywords: [keyword] })),
    },
    agents,
    actions: actions.toSorted((a, b) => a.at - b.at),
    harms: planHarms({
      ...common,
      kills: Math.round(options.killsPerMinute * minutes),
      harms: options.harmsPerMinute * minutes,
      faultKinds: options.faultKinds.filter((kind) => minutes >= COMPARES_FROM_MINUTES || !foundByComparison.has(kind)),
      random: createRandom(seed, 'nemesis'),
    }),
  };
}

function anAccount(n: number): PlannedAccount {
  const kind = kinds[n % kinds.length] as AccountKind;
  const address = `${kind}-${n + 1}@contoso.example`;
  return kind === 'shared' ? { address, kind, signInAs: `person-${n + 1}@contoso.example` } : { address, kind };
}
