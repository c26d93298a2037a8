import type { AccountAtEnd, AccountChange, RoutedMail } from '../evidence/evidence.ts';
import { type Operation, type OperationOf, operationsOf } from '../record/operation.ts';
import { type Timeline, timelinesOf } from './account-timeline.ts';
import type { Finding } from './finding.ts';
import { moment } from './moment.ts';

type Toggle = OperationOf<'disable' | 'enable' | 'remove'>;

interface CommandEvidence {
  readonly operations: readonly Operation[];
  readonly changes: readonly AccountChange[];
  readonly mails: readonly RoutedMail[];
  readonly accounts: readonly Pick<AccountAtEnd, 'account' | 'enabled' | 'removed'>[];
}

const commandOf = { disabled: 'disable', enabled: 'enable', removed: 'remove' } as const;

/** One machine, one clock; commits are timed in microseconds, answers in whole milliseconds. */
const SLACK_MS = 5;

/**
 * Checks that answers were true when given, that every change has a command, and that no disabled account routes mail.
 */
export function checkCommands({ operations, changes, mails, accounts }: CommandEvidence): readonly Finding[] {
  const toggles = Map.groupBy(operationsOf(operations, 'disable', 'enable', 'remove'), ({ account }) => account);
  const changed = Map.groupBy(
    changes.filter(({ name }) => name in commandOf),
    ({ account }) => account,
  );
  const timelines = timelinesOf(changes, Math.max(0, ...accounts.map(({ account }) => account + 1)));
  return [
    ...accounts.flatMap(({ account, enabled, removed }) => {
      const timeline = timelines[account] as Timeline;
      const own = toggles.get(account) ?? [];
      return [
        ...untrueAnswers(own, timeline),
        ...own
          .filter(({ do: what, outcome }) => what === 'remove' && outcome === 'done' && !removed)
          .map(({ end }) => aFinding('answer not true', account, `removed at ${moment(end)}, and still there`)),
        ...(changed.get(account) ?? []).flatMap((change) => explain(change, own)),
        ...(enabled === timeline.isEnabledAt(Number.MAX_SAFE_INTEGER)
          ? []
          : [aFinding('change without a command', account, `the row says ${enabled ? 'enabled' : 'disabled'}`)]),
      ];
    }),
    ...mails.flatMap(({ account = -1, subject, routedFrom, routedBy }) =>
      timelines[account]?.wasEnabled(true, routedFrom, routedBy) === false
        ? [aFinding('mail routed while disabled', account, `“${subject}” at ${moment(routedBy)}`)]
        : [],
    ),
  ];
}

function untrueAnswers(toggles: readonly Toggle[], timeline: Timeline): readonly Finding[] {
  return toggles.flatMap(({ do: what, account, start, end, outcome, reason }) => {
    const told = `${what} of ${moment(start)}, answered at ${moment(end)}`;
    // A command that changes nothing is answered like a change, and removed accounts get no commands.
    if (outcome === 'refused' && reason === 'state-forbids') {
      return [aFinding('commands judged by an old state', account, `${told} with a refusal`)];
    }
    if (outcome !== 'done' || timeline.wasEnabled(what === 'enable', start - SLACK_MS, end + SLACK_MS)) return [];
    return [aFinding('answer not true', account, `${told} with “done”`)];
  });
}

/**
 * Explains a change by a command that was running at the time, or by an earlier unanswered one, which no later command
 * may have overtaken.
 */
function explain({ account, name, at }: AccountChange, toggles: readonly Toggle[]): readonly Finding[] {
  const wanted = commandOf[name as keyof typeof commandOf];
  const candidates = toggles.filter(({ do: what, start, outcome }) => {
    return what === wanted && start - SLACK_MS <= at && outcome !== 'refused';
  });
  if (candidates.some(({ end }) => at <= end + SLACK_MS)) return [];
  const late = candidates.findLast(({ outcome }) => outcome === 'unknown');
  if (late === undefined) return [aFinding('change without a command', account, `${name} at ${moment(at)}`)];
  const overtaking = toggles.find(({ start, end, outcome, status }) => {
    return start >= late.end && end < at && outcome !== 'unknown' && status !== undefined;
  });
  if (overtaking === undefined) return [];
  const what =
    `${late.do} of ${moment(late.start)}, left open at ${moment(late.end)}, was done at ${moment(at)}, after ` +
    `${overtaking.do} had been answered (${overtaking.status}) at ${moment(overtaking.end)}`;
  return [aFinding('overtaken commands', account, what)];
}

function aFinding(verdict: Finding['verdict'], account: number, what: string): Finding {
  return { verdict, what: `account ${account}: ${what}` };
}
