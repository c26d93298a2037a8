import type { AccountAtEnd, AccountChange, Evidence, RoutedMail } from '../../chaos/evidence/evidence.ts';
import type { Plan } from '../../chaos/plan/plan.ts';
import { mailName } from '../../chaos/plan/plan-mail.ts';
import type { OperationOf, Suffered } from '../../chaos/record/operation.ts';

/** Hand-made histories: seconds since a beginning, account 0, mail 1, and everything as it should be. */

/** A moment of the history, in milliseconds. */
export const at = (seconds: number) => seconds * 1_000;

/** When something began and ended: in a tenth of a second unless told otherwise. */
const during = (from: number, to = from + 0.1) => ({ start: at(from), end: at(to) });

const routing = { defaultQueue: 0, rules: [{ queue: 1, keywords: ['refund'] }] };

export function aDelivery(from: number, given: Partial<OperationOf<'deliver'>> = {}): OperationOf<'deliver'> {
  const mail = given.mail ?? 1;
  const subject = `refund ${mailName(mail)}`;
  const deed = { do: 'deliver', mail, account: 0, subject, folder: 'inbox', actor: 'mailbox-0' } as const;
  return { ...deed, outcome: 'done', ...during(from), ...given };
}

export function anEdit(from: number, subject: string): OperationOf<'edit'> {
  return { do: 'edit', mail: 1, account: 0, subject, actor: 'mailbox-0', outcome: 'done', ...during(from) };
}

export function aMove(from: number, folder: 'inbox' | 'archive'): OperationOf<'move'> {
  return { do: 'move', mail: 1, account: 0, folder, actor: 'mailbox-0', outcome: 'done', ...during(from) };
}

export function aDisabling(from: number, given: Partial<OperationOf<'disable'>> = {}): OperationOf<'disable'> {
  return { do: 'disable', account: 0, actor: 'administrator-0', outcome: 'done', ...during(from), ...given };
}

export function aRemoval(from: number, given: Partial<OperationOf<'remove'>> = {}): OperationOf<'remove'> {
  return { do: 'remove', account: 0, actor: 'administrator-0', outcome: 'done', ...during(from), ...given };
}

export function anEnabling(from: number, given: Partial<OperationOf<'enable'>> = {}): OperationOf<'enable'> {
  const deed = { do: 'enable', account: 0, resume: 'catch-up', actor: 'administrator-0' } as const;
  return { ...deed, outcome: 'done', status: 200, ...during(from), ...given };
}

export function aSaving(from: number, given: Partial<OperationOf<'route'>> = {}): OperationOf<'route'> {
  const deed = { do: 'route', account: 0, version: 3, routing: { defaultQueue: 2, rules: [] } } as const;
  return { ...deed, actor: 'administrator-0', outcome: 'done', ...during(from), ...given };
}

export function aClaim(from: number, actor: string, given: Partial<OperationOf<'claim'>> = {}): OperationOf<'claim'> {
  const deed = { do: 'claim', queue: 1, item: 'item-1', leaseUntil: at(from + 30), actor } as const;
  return { ...deed, outcome: 'done', ...during(from), ...given };
}

export function aCompletion(
  from: number,
  actor: string,
  given: Partial<OperationOf<'complete'>> = {},
): OperationOf<'complete'> {
  return { do: 'complete', item: 'item-1', actor, outcome: 'done', ...during(from), ...given };
}

export function aRelease(from: number, actor: string): OperationOf<'release'> {
  return { do: 'release', item: 'item-1', actor, outcome: 'done', ...during(from) };
}

export function aRevocation(from: number): OperationOf<'revoke'> {
  const deed = { do: 'revoke', account: 0, reason: 'session-revoked', actor: 'administrator-0' } as const;
  return { ...deed, outcome: 'done', ...during(from) };
}

/** A fault of the simulator for ten seconds. */
export function aFault(from: number, kind: string): Suffered {
  return { do: 'simulator-fault', fault: { kind }, forMs: at(10), ...during(from, from + 10) };
}

export function aChange(seconds: number, name: AccountChange['name'], mode?: string): AccountChange {
  return { account: 0, name, mode, at: at(seconds) };
}

/** Routed at `seconds`, in a hundredth of a second. */
export function aRouted(
  seconds: number,
  { mail = 1, item, ...given }: Partial<Omit<RoutedMail, 'item'>> & { mail?: number; item?: object } = {},
): RoutedMail {
  return {
    account: 0,
    graphId: `AAk${mail}`,
    subject: `refund ${mailName(mail)}`,
    receivedAt: at(0),
    routedFrom: at(seconds - 0.01),
    routedBy: at(seconds),
    item: { id: `item-${mail}`, queue: 1, version: 2, state: 'waiting', claimedBy: null, ...item },
    ...given,
  };
}

export function anEnd(given: Partial<AccountAtEnd> = {}): AccountAtEnd {
  return {
    account: 0,
    enabled: true,
    removed: false,
    state: 'authenticated',
    reading: 'current',
    routingVersion: 2,
    workflow: 'authenticated',
    comparison: { inMailbox: 1, inLedger: 1, inQuarantine: 0, counted: 1 },
    isProbeRouted: true,
    ...given,
  };
}

/** Evidence of one mail that came and was routed, unless told otherwise. */
export function anEvidence(given: Partial<Evidence> = {}): Evidence {
  const plan: Plan = {
    seed: 1,
    minutes: 1,
    accounts: [{ address: 'push-1@contoso.example', kind: 'push' }],
    queues: ['General', 'Refunds', 'Billing'],
    routing,
    agents: ['anna', 'bob'],
    actions: [],
    harms: [],
  };
  return {
    plan,
    operations: [aDelivery(1)],
    suffered: [],
    mails: [aRouted(2)],
    changes: [],
    accounts: [anEnd()],
    actors: new Map([
      ['key:1', 'anna'],
      ['key:2', 'bob'],
    ]),
    ...given,
  };
}
