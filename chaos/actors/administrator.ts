import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatorControl } from '../../bench/stack/simulator-control.ts';
import type { Action, PlannedAccount } from '../plan/plan.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Called } from './mailroom-call.ts';
import { type Organisation, routingBody, signInTo } from './organisation.ts';

type Deed = Extract<
  Action,
  { do: 'disable' | 'enable' | 'remove' | 'route' | 'revoke' | 'sign-in' | 'withdraw' | 'grant' | 'compare' }
>;

interface Routing {
  readonly version: number;
}

/** As often as a person retries a button that answers with an error. */
const TRIES = 5;
const BETWEEN_TRIES_MS = 2_000;

/** Performs administrators' actions on accounts through the API. Enabling and disabling is retried for a while. */
export function createAdministrator(
  organisation: Organisation,
  { simulator, accounts }: { readonly simulator: SimulatorControl; readonly accounts: readonly PlannedAccount[] },
  { operation }: Recorder,
): (actor: string, deed: Deed) => Promise<void> {
  const { administrator: call, accountIds, queueIds } = organisation;
  async function perform(actor: string, deed: Deed): Promise<void> {
    const address = organisation.addresses[deed.account] as string;
    const planned = accounts[deed.account] as PlannedAccount;
    const { signInAs = address } = planned;
    const account = `/email/accounts/${accountIds[deed.account]}`;
    const record = ({ start, end, outcome, status, reason }: Called) =>
      operation({ ...deed, actor, start, end, outcome, status, reason } as Parameters<typeof operation>[0]);
    /** Every second account sends one request id with all tries; for the others, each try is a command of its own. */
    const name = deed.account % 2 === 0 ? { requestId: randomUUID() } : {};
    const insist = async (command: () => Promise<Called>) => {
      for (let tries = 1; ; tries++) {
        const called = await command();
        record(called);
        if (called.outcome === 'done' || isRefused(called) || tries === TRIES) return;
        await sleep(BETWEEN_TRIES_MS);
      }
    };
    switch (deed.do) {
      case 'disable':
        return await insist(() => call('PATCH', account, { enabled: false, ...name }));
      case 'enable':
        return await insist(() => call('PATCH', account, { enabled: true, resume: deed.resume, ...name }));
      case 'remove':
        // 404 means that an earlier, unanswered try removed the account.
        return await insist(async () => {
          const called = await call('DELETE', account);
          return called.status === 404 ? { ...called, outcome: 'done' } : called;
        });
      case 'compare':
        return record(await call('POST', `${account}/completeness`));
      case 'route': {
        const before = await call('GET', `${account}/routing`);
        if (before.outcome !== 'done') return;
        const { version } = before.body as Routing;
        const saved = await call('PUT', `${account}/routing`, { version, ...routingBody(deed.routing, queueIds) });
        const { start, end, outcome, status, reason } = saved;
        return operation({ ...deed, version: version + 1, actor, start, end, outcome, status, reason });
      }
      case 'revoke': {
        const start = Date.now();
        // By the name that the mailbox has when no one is renaming it.
        await organisation.inTurn(deed.account, async () => {
          const current = planned.signInAs ?? organisation.addresses[deed.account];
          await simulator.call('POST', '/tokens/revoke', { address: current, reason: deed.reason });
        });
        return operation({ ...deed, actor, start, end: Date.now(), outcome: 'done' });
      }
      case 'withdraw':
      case 'grant': {
        const start = Date.now();
        const method = deed.do === 'withdraw' ? 'DELETE' : 'PUT';
        await simulator.call(method, `/mailboxes/${address}/delegates/${signInAs}`);
        return operation({ ...deed, actor, start, end: Date.now(), outcome: 'done' });
      }
      case 'sign-in': {
        const { started, signedIn } = await signInTo(organisation, call, deed.account);
        if (signedIn === undefined) return record(started);
        const outcome = signedIn ? 'done' : 'unknown';
        return operation({ ...deed, actor, start: started.start, end: Date.now(), outcome });
      }
    }
  }
  return perform;
}

/** Refused by an answer, not because nothing was listening. */
function isRefused({ outcome, status }: Called): boolean {
  return outcome === 'refused' && status !== undefined;
}
