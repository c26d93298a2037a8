import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { graphPermissions } from '../../graph/entra/scopes.ts';
import { writeJsonFile } from '../../scripts/embedded/json-file.ts';
import type { Progress } from '../../scripts/embedded/progress.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { foundOrganisation, type Organisation, signInTo } from '../actors/organisation.ts';
import { createNemesis } from '../nemesis/nemesis.ts';
import type { Plan, PlannedAccount } from '../plan/plan.ts';
import { planHarms } from '../plan/plan-harms.ts';
import { createRandom } from '../plan/random.ts';
import { createRecorder } from '../record/recorder.ts';
import { type ChaosStack, startChaosStack } from '../stack/start-chaos-stack.ts';
import { answerItem } from './answer-item.ts';
import { type AnswersChecked, checkAnswersSent } from './check-answers-sent.ts';
import { readAnswers } from './read-answers.ts';

export interface AnswersOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly answers: number;
  readonly killsPerMinute: number;
  readonly harmsPerMinute: number;
  /** Receives plan, history, evidence and logs. */
  readonly folder: string;
  readonly progress: Pick<Progress, 'step' | 'tell'>;
  readonly onStart: (stop: () => Promise<void>) => void;
}

export interface AnswersVerdict extends AnswersChecked {
  readonly kills: number;
  readonly harms: number;
}

/** Faults that strike requests of sending. Not among them: those that leave a sign-in or a mailbox of no use. */
const faultKinds = [
  ...[
    'throttle',
    'unavailable',
    'gateway-timeout',
    'error',
    'slow',
    'reset',
    'foreign-answer',
    'cut-json',
    'not-found',
  ],
  ...['late-send', 'lost-send', 'lost-answer', 'failed-answer', 'quota', 'send-refused', 'token-refused'],
];
/** The last byte that makes a file need an upload session is the third megabyte's. */
const fileSizes = [0, 5, 4_000_000] as const;
const MAILBOXES = 8;
const READY_WITHIN_MS = 120_000;
/** Once everything has healed: two looks at the longest interval, and the end of a lease. */
const ANSWERED_WITHIN_MS = 300_000;
const ASK_EVERY_MS = 1_000;
const AGE_EVERY_MS = 20_000;

/**
 * Sends answers while everything around breaks, heals it, and decides by the mail that left whether each was sent once.
 * Waits of minutes (until an unanswered request is repeated, or given up) are shortened by making the rows older, once
 * everything is healed.
 */
export async function runAnswers(options: AnswersOptions): Promise<AnswersVerdict> {
  const { seed, folder, progress } = options;
  mkdirSync(folder, { recursive: true });
  const recorder = createRecorder(join(folder, 'history.jsonl'));
  const ending = new AbortController();
  const starting = startChaosStack({ folder, onCollapse: (name, lastLine) => recorder.note({ what: name, lastLine }) });
  const stop = async () => {
    ending.abort();
    await (await starting.catch(() => undefined))?.stop();
  };
  options.onStart(stop);
  try {
    const stack = await progress.step(
      () => starting,
      () => 'Two APIs, two workers, PostgreSQL, Temporal and the simulator run',
    );
    const plan = planAnswers(options);
    writeJsonFile(join(folder, 'plan.json'), plan);
    const organisation = await foundOrganisation(stack, plan);
    await allowSending(stack, organisation);
    const items = await deliverMails(stack, organisation, options.answers);
    progress.tell(`${items.length} mails wait for their answers in ${MAILBOXES} mailboxes`);

    const inflict = createNemesis(stack, recorder, ending.signal);
    const startedAt = performance.now();
    const until = async (at: number) => await sleep(Math.max(0, startedAt + at - performance.now()));
    const random = createRandom(seed, 'answers');
    const agents = [...organisation.agents.values()];
    const answering = items.map(async ({ id, name }, n) => {
      await until(random.between(0, options.minutes * 60_000 - 5_000));
      const start = Date.now();
      await answerItem(
        (agents[n % agents.length] as (typeof agents)[number]).call,
        { id, fileBytes: fileOf(n) },
        ending.signal,
      );
      recorder.note({ what: `${name} was put into the outbox`, start });
    });
    const harming = plan.harms.map(async (harm) => {
      await until(harm.at);
      await inflict(harm);
    });
    await progress.step(
      () => Promise.all([...answering, ...harming]),
      () => `${items.length} answers sent, ${plan.harms.length} harms done`,
    );
    await stack.heal();
    await stack.simulator.call('DELETE', '/faults');
    await progress.step(
      () => comeToRest(stack, organisation, ending.signal),
      () => 'Everything healed and came to rest',
    );
    const evidence = await readAnswers(stack, items);
    const checked = checkAnswersSent(evidence);
    writeJsonFile(join(folder, 'answers.json'), { ...checked, evidence });
    const kills = recorder.suffered.filter((harm) => harm.do === 'kill').length;
    return { ...checked, kills, harms: recorder.suffered.length - kills };
  } finally {
    await stop();
    await recorder.close();
  }
}

const fileOf = (n: number) => fileSizes[n % fileSizes.length] as number;

function planAnswers({ seed, minutes, killsPerMinute, harmsPerMinute }: AnswersOptions): Plan {
  const accounts = Array.from({ length: MAILBOXES }, (_, n): PlannedAccount => {
    const address = `sender-${n + 1}@contoso.example`;
    return n % 4 === 3
      ? { address, kind: 'shared', signInAs: `person-${n + 1}@contoso.example` }
      : { address, kind: 'push' };
  });
  const durationMs = minutes * 60_000;
  return {
    seed,
    minutes,
    accounts,
    queues: ['Answers'],
    routing: { defaultQueue: 0, rules: [] },
    agents: ['agent-1', 'agent-2', 'agent-3', 'agent-4'],
    actions: [],
    harms: planHarms({
      durationMs,
      accounts,
      kills: Math.round(killsPerMinute * minutes),
      harms: harmsPerMinute * minutes,
      faultKinds,
      random: createRandom(seed, 'nemesis'),
    }),
  };
}

async function allowSending({ simulator }: ChaosStack, organisation: Organisation): Promise<void> {
  const { administrator: call, accountIds } = organisation;
  const permissions = (['own', 'shared'] as const).flatMap((kind) => graphPermissions(kind, 'sending'));
  await simulator.call('POST', `/apps/${MAILROOM_CLIENT_ID}/consents`, {
    delegated: ['openid', 'profile', 'offline_access', ...permissions],
  });
  await call('PUT', '/email/settings/sending', { enabled: true });
  for (const [account, id] of accountIds.entries()) {
    await call('PUT', `/email/accounts/${id}/sending`, { enabled: true });
    await signInTo(organisation, call, account);
    const { body } = await call('GET', `/email/accounts/${id}/sending`);
    if (!(body as { isPossible?: boolean }).isPossible) throw new Error(`Account ${account} may not send`);
  }
}

async function deliverMails({ simulator, db }: ChaosStack, { addresses }: Organisation, count: number) {
  for (let n = 0; n < count; n += 1) {
    await simulator.call('POST', `/mailboxes/${addresses[n % addresses.length]}/messages`, {
      subject: `Mail ${n}`,
      text: 'A question',
      from: `Customer ${n} <customer-${n}@example.org>`,
    });
  }
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const items = await db
      .selectFrom('items')
      .innerJoin('messages', 'messages.id', 'items.messageId')
      .select(['items.id', 'subject'])
      .execute();
    if (items.length === count) return items.map(({ id, subject }) => ({ id, name: subject ?? '' }));
    if (Date.now() > deadline)
      throw new Error(`${items.length} of ${count} mails were captured, although nothing was wrong`);
    await sleep(ASK_EVERY_MS);
  }
}

/** Waits until nothing is under way; sends failed answers again, as their agents do. Bounded. */
async function comeToRest(
  { db }: ChaosStack,
  { administrator: call }: Organisation,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + ANSWERED_WITHIN_MS;
  let agedAt = 0;
  while (!signal.aborted && Date.now() < deadline) {
    const open = await db
      .selectFrom('answers')
      .select(['id', 'state'])
      .where('state', 'in', ['scheduled', 'sending', 'failed'])
      .execute();
    if (open.length === 0) return;
    for (const { id, state } of open) if (state === 'failed') await call('POST', `/answers/${id}/retry`);
    if (Date.now() - agedAt > AGE_EVERY_MS) {
      agedAt = Date.now();
      await sql`
        update answers set send_requested_at = send_requested_at - interval '6 minutes',
          retry_at = least(retry_at, now()) -- not later: the guardian looks for answers that are overdue
        where state = 'sending' and send_requested_at is not null
      `.execute(db);
    }
    await sleep(ASK_EVERY_MS);
  }
}
