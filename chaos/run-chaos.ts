import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../database/database.ts';
import { writeJsonFile } from '../scripts/embedded/json-file.ts';
import type { Progress } from '../scripts/embedded/progress.ts';
import { createAdministrator } from './actors/administrator.ts';
import { createAgent } from './actors/agent.ts';
import { keepSignedIn } from './actors/caretaker.ts';
import { createMailboxActor } from './actors/mailbox-actor.ts';
import { foundOrganisation } from './actors/organisation.ts';
import { performPlan } from './actors/perform-plan.ts';
import { type Checked, checkEvidence } from './check/check-evidence.ts';
import { comeToRest } from './come-to-rest.ts';
import type { Evidence } from './evidence/evidence.ts';
import { readAccounts } from './evidence/read-accounts.ts';
import { readChanges, readMails } from './evidence/read-ledger.ts';
import { createNemesis } from './nemesis/nemesis.ts';
import { makePlan, type PlanOptions } from './plan/make-plan.ts';
import type { Action, Plan } from './plan/plan.ts';
import { createRecorder } from './record/recorder.ts';
import { type ChaosVerdict, isPassed } from './report/verdict.ts';
import { writeStandstill } from './report/write-standstill.ts';
import { startChaosStack } from './stack/start-chaos-stack.ts';

export interface RunOptions extends Omit<PlanOptions, 'faultKinds'> {
  /** Receives the plan, the history, the verdict and the logs. */
  readonly folder: string;
  /** Known problems fail the run, too. */
  readonly strict: boolean;
  /** The plan of an earlier run, repeated as recorded. */
  readonly plan?: Plan | undefined;
  readonly progress: Pick<Progress, 'step' | 'tell' | 'warn'>;
  /** Called after the verdict, while everything still runs. `check` reads the evidence and decides again. */
  readonly afterwards?: (db: Database, check: () => Promise<Checked>) => Promise<void>;
  /** Called before anything runs, with a function that ends and removes everything. */
  readonly onStart: (stop: () => Promise<void>) => void;
}

const SHOWN_OF_A_LINE = 200;

/**
 * Starts all of Mailroom, has people and programs use it while everything around it breaks, heals it, waits until it
 * has come to rest, and decides whether its promises held. Bounded in time; leaves no process behind.
 */
export async function runChaos(options: RunOptions): Promise<ChaosVerdict> {
  const { folder, progress, strict } = options;
  mkdirSync(folder, { recursive: true });
  const recorder = createRecorder(join(folder, 'history.jsonl'));
  const ending = new AbortController();
  const collapses: Record<string, number> = {};
  const onCollapse = (name: string, lastLine: string) => {
    const how = `${name}: ${lastLine.slice(0, SHOWN_OF_A_LINE)}`;
    collapses[how] = (collapses[how] ?? 0) + 1;
    recorder.note({ what: `${name} ended by itself`, lastLine });
  };
  const starting = progress.step(
    () => startChaosStack({ folder, onCollapse }),
    () => 'Two APIs, two workers, PostgreSQL, Temporal and the simulator run',
  );
  const stop = async () => {
    ending.abort();
    const stack = await starting.catch(() => undefined);
    await stack?.stop();
  };
  options.onStart(stop);
  try {
    return await run();
  } finally {
    await stop();
    await recorder.close();
  }

  async function run(): Promise<ChaosVerdict> {
    const stack = await starting;
    const { kinds } = await stack.simulator.call<{ kinds: string[] }>('GET', '/faults');
    const plan = options.plan ?? makePlan({ ...options, faultKinds: kinds });
    writeJsonFile(join(folder, 'plan.json'), plan);
    const organisation = await progress.step(
      () => foundOrganisation(stack, plan),
      ({ accountIds }) => `${accountIds.length} mailboxes connected`,
    );

    const mailboxes = createMailboxActor(
      organisation,
      { simulator: stack.simulator, accounts: plan.accounts },
      recorder,
    );
    const administrator = createAdministrator(
      organisation,
      { simulator: stack.simulator, accounts: plan.accounts },
      recorder,
    );
    const agent = createAgent(organisation, recorder);
    const act = (actor: string, action: Action): Promise<void> => {
      switch (action.do) {
        case 'deliver':
        case 'edit':
        case 'move':
        case 'delete':
        case 'rename':
          return mailboxes(actor, action);
        case 'work':
          return agent(actor, action);
        default:
          return administrator(actor, action);
      }
    };
    const harm = createNemesis(stack, recorder, ending.signal);
    const caring = new AbortController();
    const care = keepSignedIn(organisation, recorder, AbortSignal.any([caring.signal, ending.signal]));
    await progress.step(
      async () => {
        await performPlan(plan, { act, harm, signal: ending.signal });
        ending.signal.throwIfAborted();
      },
      () => `${plan.actions.length} actions and ${plan.harms.length} harms done`,
    );
    caring.abort();
    await care;

    await stack.heal();
    const { findings, probed } = await progress.step(
      () => comeToRest(stack, organisation, plan, recorder, ending.signal),
      (rest) => (rest.findings.length === 0 ? 'Everything healed and came to rest' : 'Not everything came to rest'),
    );
    if (findings.length > 0) await writeStandstill(stack, organisation, folder);
    const readEvidence = async (): Promise<Evidence> => ({
      plan,
      operations: recorder.operations,
      suffered: recorder.suffered,
      mails: await readMails(stack.db, organisation),
      changes: await readChanges(stack.db, organisation),
      accounts: await readAccounts(stack, organisation, (account) => probed.has(account)),
      actors: new Map([...organisation.agents].map(([name, { actor }]) => [actor, name])),
    });
    const evidence = await readEvidence();
    const { mails, changes, accounts } = evidence;
    writeJsonFile(join(folder, 'ledger.json'), { mails, changes, accounts });
    const checked = checkEvidence(evidence);
    const all = [...findings, ...checked.findings];
    const { seed, minutes } = plan;
    const verdict: ChaosVerdict = {
      seed,
      minutes,
      isStrict: strict,
      passed: isPassed(all, strict),
      fullDisk: stack.disk ? 'file system' : 'played by PostgreSQL',
      collapses,
      ...checked,
      findings: all,
    };
    writeJsonFile(join(folder, 'verdict.json'), verdict);
    await options.afterwards?.(stack.db, async () => checkEvidence(await readEvidence()));
    return verdict;
  }
}
