import { setTimeout as sleep } from 'node:timers/promises';
import { signInWhereNeeded } from './actors/caretaker.ts';
import type { Organisation } from './actors/organisation.ts';
import { timelinesOf } from './check/account-timeline.ts';
import { expectMails, type SentMail } from './check/expectation.ts';
import type { Finding } from './check/finding.ts';
import { readChanges, readMails } from './evidence/read-ledger.ts';
import type { Plan } from './plan/plan.ts';
import { findMailNumber, mailName } from './plan/plan-mail.ts';
import type { Recorder } from './record/recorder.ts';
import type { ChaosStack } from './stack/start-chaos-stack.ts';

interface AtRest {
  /** What did not happen in time. */
  readonly findings: readonly Finding[];
  /** Accounts that got the last mail. */
  readonly probed: ReadonlySet<number>;
}

interface Shown {
  readonly id: string;
  readonly address: string;
  readonly enabled: boolean;
  readonly state: string;
  readonly reading: string;
  readonly condition: unknown;
  readonly quarantined: number;
}

/** Reconciliation skips the mail of the last two minutes, and mail that only reconciliation finds waits as long. */
const MAIL_WITHIN_MS = 240_000;
const CURRENT_WITHIN_MS = 90_000;
const COMPARED_WITHIN_MS = 90_000;
const PROBED_WITHIN_MS = 45_000;
const ASK_EVERY_MS = 1_000;
const REPAIR_EVERY_MS = 15_000;
/** How long to watch for mail that must not come, once all expected mail is there. */
const PROBE_LINGERS_MS = 4_000;

/**
 * Waits until all expected mail is there, all accounts are read, and their last reconciliation has ended; each wait is
 * bounded. During the wait, plays the people who do what the pages ask for: sign in, retry the quarantine, start a
 * reconciliation.
 */
export async function comeToRest(
  stack: ChaosStack,
  organisation: Organisation,
  plan: Plan,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<AtRest> {
  const { administrator: call, accountIds } = organisation;
  const findings: Finding[] = [];

  async function until(what: string, withinMs: number, left: () => Promise<readonly string[]>): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const open = await left();
      if (open.length === 0) return;
      if (Date.now() > deadline || signal.aborted) {
        const shown = open.slice(0, 5).join('; ');
        findings.push({ verdict: 'not at rest in time', what: `${what}: ${open.length} left, such as ${shown}` });
        return;
      }
      await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }
  async function shownAccounts(): Promise<readonly Shown[]> {
    const { outcome, body } = await call('GET', '/email/accounts?pageSize=200');
    return outcome === 'done' ? (body as { accounts: Shown[] }).accounts : [];
  }
  const current = async (): Promise<readonly string[]> => {
    const shown = await shownAccounts();
    if (shown.length === 0) return ['the list of accounts'];
    return shown
      .filter(({ id, address, enabled, state, reading }) => {
        if (address !== organisation.addresses[accountIds.indexOf(id)]) return true;
        return enabled ? state !== 'authenticated' || reading !== 'current' : state !== 'paused' || reading !== 'off';
      })
      .map(({ id, address, enabled, state, reading, condition }) => {
        const account = `account ${accountIds.indexOf(id)}`;
        return `${account}, ${address}: ${enabled ? 'enabled' : 'disabled'}, ${state}, ${reading} ${JSON.stringify(condition)}`;
      });
  };

  let repairedAt = 0;
  await until('mail that must be routed', MAIL_WITHIN_MS, async () => {
    await signInWhereNeeded(organisation, recorder);
    const missing = await findMissing(stack, organisation, plan, recorder, await shownAccounts());
    const parked = await findParked(organisation, await shownAccounts());
    if (missing.length + parked.length > 0 && Date.now() - repairedAt > REPAIR_EVERY_MS) {
      repairedAt = Date.now();
      for (const account of new Set(missing.map((each) => each.account))) {
        await call('POST', `/email/accounts/${accountIds[account]}/completeness`);
      }
      for (const path of parked) await call('POST', `${path}/retry`);
    }
    return [...missing.map(({ mail, account }) => `mail ${mail} to account ${account}`), ...parked];
  });
  await until('accounts that are read', CURRENT_WITHIN_MS, async () => {
    await signInWhereNeeded(organisation, recorder);
    return await current();
  });
  await compareAll();
  const probed = await probe();
  return { findings, probed };

  /** A reconciliation that started after everything had come to rest. */
  async function compareAll(): Promise<void> {
    const requested = new Date();
    const waiting = new Set((await shownAccounts()).filter(({ enabled }) => enabled).map(({ id }) => id));
    let askedAt = 0;
    await until('comparisons', COMPARED_WITHIN_MS, async () => {
      const asks = Date.now() - askedAt > REPAIR_EVERY_MS;
      if (asks) askedAt = Date.now();
      for (const id of waiting) {
        if (asks) await call('POST', `/email/accounts/${id}/completeness`);
        const { body } = await call('GET', `/email/accounts/${id}/completeness`);
        const { comparedAt } = (body ?? {}) as { comparedAt?: string | null };
        if (comparedAt && new Date(comparedAt) > requested) waiting.delete(id);
      }
      return [...waiting].map((id) => `account ${accountIds.indexOf(id)}`);
    });
  }

  /** Delivers a last mail to every account: enabled ones must route it, the others must not. */
  async function probe(): Promise<ReadonlySet<number>> {
    const first = Math.max(0, ...plan.actions.map((action) => ('mail' in action ? action.mail : 0))) + 1;
    for (const [account, address] of organisation.addresses.entries()) {
      const mail = first + account;
      const start = Date.now();
      const subject = mailName(mail);
      await stack.simulator.call('POST', `/mailboxes/${address}/messages`, { subject, text: 'The last one' });
      const deed = { do: 'deliver', mail, account, subject, folder: 'inbox' } as const;
      recorder.operation({ ...deed, actor: 'probe', start, end: Date.now(), outcome: 'done' });
    }
    let probed: ReadonlySet<number> = new Set();
    const enabled = (await shownAccounts()).filter((each) => each.enabled).map(({ id }) => accountIds.indexOf(id));
    await until('the last mail', PROBED_WITHIN_MS, async () => {
      const mails = await readMails(stack.db, organisation);
      const numbers = new Set(mails.map(({ subject }) => findMailNumber(subject)));
      probed = new Set(accountIds.map((_, account) => account).filter((account) => numbers.has(first + account)));
      return enabled.filter((account) => !probed.has(account)).map((account) => `account ${account}`);
    });
    await sleep(PROBE_LINGERS_MS, undefined, { signal }).catch(() => {});
    return probed;
  }
}

async function findMissing(
  { db }: ChaosStack,
  organisation: Organisation,
  plan: Plan,
  { operations }: Recorder,
  shown: readonly Shown[],
): Promise<readonly SentMail[]> {
  const accounts = shown.map(({ id, enabled, state }) => {
    return { account: organisation.accountIds.indexOf(id), enabled, state };
  });
  const timelines = timelinesOf(await readChanges(db, organisation), plan.accounts.length);
  const numbers = new Set((await readMails(db, organisation)).map(({ subject }) => findMailNumber(subject)));
  return expectMails(operations, timelines, accounts).filter(({ mail, expectation }) => {
    return expectation === 'must' && !numbers.has(mail);
  });
}

/** Quarantined messages of enabled accounts, as API paths. */
async function findParked({ administrator: call }: Organisation, shown: readonly Shown[]): Promise<readonly string[]> {
  const lists = shown
    .filter(({ enabled, quarantined }) => enabled && quarantined > 0)
    .map(async ({ id }) => {
      const path = `/email/accounts/${id}/quarantine`;
      const { body } = await call('GET', path);
      const { messages = [] } = (body ?? {}) as { messages?: { id: string }[] };
      return messages.map((each) => `${path}/${each.id}`);
    });
  return (await Promise.all(lists)).flat();
}
