import type { AccountAtEnd } from '../evidence/evidence.ts';
import { type Operation, operationsOf } from '../record/operation.ts';
import type { Pause, Timeline } from './account-timeline.ts';

/** `must`: routed once. `may`: once or not at all. `must-not`: never. */
export type Expectation = 'must' | 'may' | 'must-not';

/** One mail, from the history. */
export interface SentMail {
  readonly mail: number;
  readonly account: number;
  /** The interval in which it reached the mailbox. */
  readonly sentFrom: number;
  readonly sentBy: number;
  /** Every subject that it may have had, with the moment from which it applied. */
  readonly subjects: readonly { readonly subject: string; readonly from: number }[];
  readonly expectation: Expectation;
}

/**
 * Mail servers report times in whole seconds: mail of the last moments before an account is resumed may count as later
 * mail.
 */
const CLOCK_TOLERANCE_MS = 3_000;

type End = Pick<AccountAtEnd, 'account' | 'enabled' | 'state'>;

/**
 * The expected fate of each mail, from what was done to it and to its account:
 *
 * - mail that is in the inbox of an enabled, signed-in account at the end must be routed, unless the account was
 *   resumed *from now on* after the mail came;
 * - mail that came while the account was disabled must not, if the account was then resumed *from now on*;
 * - all other mail may be.
 */
export function expectMails(
  operations: readonly Operation[],
  timelines: readonly Timeline[],
  accounts: readonly End[],
): readonly SentMail[] {
  const resumptions = Map.groupBy(
    operationsOf(operations, 'enable').filter(({ resume, outcome }) => resume === 'from-now' && outcome !== 'refused'),
    ({ account }) => account,
  );
  const changes = Map.groupBy(operationsOf(operations, 'edit', 'move', 'delete'), ({ mail }) => mail);
  const ends = new Map(accounts.map((each) => [each.account, each]));
  return operationsOf(operations, 'deliver').map((delivery) => {
    const { mail, account, start: sentFrom, end: sentBy } = delivery;
    const own = changes.get(mail) ?? [];
    const edits = own.flatMap((each) => (each.do === 'edit' ? [{ subject: each.subject, from: each.start }] : []));
    const subjects = [{ subject: delivery.subject, from: sentFrom }, ...edits];
    const places = [delivery, ...own.filter(({ do: what }) => what !== 'edit')];
    const isInInbox = places.every(({ outcome }) => outcome === 'done') && placeOf(places.at(-1)) === 'inbox';
    const end = ends.get(account);
    const isRead = end?.enabled === true && end.state === 'authenticated';
    const pauses = timelines[account]?.pauses ?? [];
    // *Now* is when the command was accepted, possibly long before it was carried out.
    const askedFor = ({ from, to }: Pause) =>
      Math.min(
        to,
        ...(resumptions.get(account) ?? []).flatMap(({ start, end }) => (end > from && start < to ? [start] : [])),
      );
    const pause = pauses.find((each) => each.from < sentFrom && sentBy < askedFor(each) - CLOCK_TOLERANCE_MS);
    const isLeftOut = pause?.mode === 'from-now';
    const mayBeLeftOut = pauses.some(({ mode, to }) => mode === 'from-now' && to > sentFrom);
    const expectation = isLeftOut ? 'must-not' : isInInbox && isRead && !mayBeLeftOut ? 'must' : 'may';
    return { mail, account, sentFrom, sentBy, subjects, expectation };
  });
}

function placeOf(operation: Operation | undefined): string {
  if (operation?.do === 'deliver' || operation?.do === 'move') return operation.folder;
  return 'gone';
}
