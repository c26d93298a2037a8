import type { AccountAtEnd, RoutedMail } from '../evidence/evidence.ts';
import type { PlannedRouting } from '../plan/plan.ts';
import { findMailNumber } from '../plan/plan-mail.ts';
import { type Operation, type OperationOf, operationsOf } from '../record/operation.ts';
import type { SentMail } from './expectation.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

type Saving = OperationOf<'route'>;

/** Accounts are added with version 1; the plan's own routing replaces it before the run begins. */
const FIRST_VERSION = 2;

interface RoutingEvidence {
  readonly sent: readonly SentMail[];
  readonly mails: readonly RoutedMail[];
  readonly operations: readonly Operation[];
  readonly routing: PlannedRouting;
  readonly accounts: readonly Pick<AccountAtEnd, 'account' | 'routingVersion'>[];
}

/**
 * Checks that each item is in the queue that its rules name, that those rules were in force at some moment between the
 * delivery and the commit, and that a saved routing stays saved.
 */
export function checkRouting({ sent, mails, operations, routing, accounts }: RoutingEvidence): readonly Finding[] {
  const sentByMail = new Map(sent.map((each) => [each.mail, each]));
  const savings = Map.groupBy(
    operationsOf(operations, 'route').filter(({ outcome }) => outcome !== 'refused'),
    ({ account }) => account,
  );
  const findings: Finding[] = [];
  for (const mail of mails) {
    const { account = -1, item, subject } = mail;
    const number = findMailNumber(subject) ?? -1;
    const origin = sentByMail.get(number);
    if (item === undefined || origin === undefined || origin.account !== account) continue;
    const name = `mail ${number} to account ${account}, “${subject}”, by version ${item.version}`;
    const known = origin.subjects.some((each) => each.subject === subject && each.from <= mail.routedBy);
    const own = savings.get(account) ?? [];
    const possible = routingsOf(item.version, own, routing);
    const queues = possible.map((each) => queueOf(each.routing, subject));
    if (!known || item.queue === undefined || !queues.includes(item.queue)) {
      const what = `${name}: in queue ${item.queue} instead of ${[...new Set(queues)].join(' or ') || 'none'}`;
      findings.push({ verdict: 'wrong queue', what });
      continue;
    }
    const next = own.find(({ version, outcome }) => version === item.version + 1 && outcome === 'done');
    if (next && next.end < mail.routedFrom) {
      const what = `${name}: routed at ${moment(mail.routedFrom)}, the next version was saved by ${moment(next.end)}`;
      findings.push({ verdict: 'outdated rules', what });
    }
    if (possible.every(({ from }) => from > mail.routedBy)) {
      findings.push({ verdict: 'wrong queue', what: `${name}: routed before these rules were sent` });
    }
  }
  return [...findings, ...accounts.flatMap(({ account, routingVersion }) => lost(account, routingVersion, savings))];
}

function routingsOf(wanted: number, savings: readonly Saving[], first: PlannedRouting) {
  if (wanted === FIRST_VERSION) return [{ routing: first, from: Number.NEGATIVE_INFINITY }];
  const attempts = savings.filter(({ version }) => version === wanted);
  const answered = attempts.filter(({ outcome }) => outcome === 'done');
  // An answered save is certain: any other save with the same number was refused, even if its answer was lost.
  return (answered.length > 0 ? answered : attempts).map(({ routing, start }) => ({ routing, from: start }));
}

/**
 * The checker's own reading of rules. The plan's subjects and keywords are lower case, so matching has no edge cases.
 */
function queueOf({ defaultQueue, rules }: PlannedRouting, subject: string): number {
  return rules.find(({ keywords }) => keywords.some((keyword) => subject.includes(keyword)))?.queue ?? defaultQueue;
}

function lost(account: number, atEnd: number, savings: ReadonlyMap<number, readonly Saving[]>): readonly Finding[] {
  const answered = (savings.get(account) ?? []).filter(({ outcome }) => outcome === 'done');
  const newest = Math.max(FIRST_VERSION, ...answered.map(({ version }) => version));
  const twice = [...Map.groupBy(answered, ({ version }) => version)].filter(([, same]) => same.length > 1);
  return [
    ...(atEnd < newest
      ? [
          {
            verdict: 'saved rules lost' as const,
            what: `account ${account}: version ${newest} was answered, ${atEnd} is there`,
          },
        ]
      : []),
    ...twice.map(([version]) => ({
      verdict: 'saved rules lost' as const,
      what: `account ${account}: version ${version} was answered to two`,
    })),
  ];
}
