import type { PlannedAccount, PlannedAction } from './plan.ts';
import { createRandom, type Random } from './random.ts';

interface MailOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly accounts: readonly PlannedAccount[];
  readonly mails: number;
  readonly keywords: readonly string[];
}

/** What else happens to a mail; the rest stays as delivered. */
const EDITED = 0.05;
const DELETED = 0.03;
const MOVED_OUT = 0.04;
const RETURNED = 0.7;
/** Delivered to another folder, and moved to the inbox by a program. */
const FILED_ELSEWHERE = 0.05;
/** Early enough to coincide with the mail's capture, late enough to follow it. */
const CHANGED_AFTER_MS = [50, 15_000] as const;

/** Plans mail at random moments to random accounts, and what people do to it in their mailboxes. */
export function planMail({ seed, durationMs, accounts, mails, keywords }: MailOptions): readonly PlannedAction[] {
  const random = createRandom(seed, 'mail');
  const actions: PlannedAction[] = [];
  for (let mail = 1; mail <= mails; mail++) {
    const account = random.between(0, accounts.length - 1);
    const common = { mail, account, actor: `mailbox-${account}` };
    let at = Math.round(random.fraction() * durationMs);
    const later = () => {
      at += random.between(...CHANGED_AFTER_MS);
      return at;
    };
    const elsewhere = random.chance(FILED_ELSEWHERE);
    const folder = elsewhere ? 'archive' : 'inbox';
    actions.push({ ...common, at, do: 'deliver', subject: subjectOf(mail, keywords, random), folder });
    if (elsewhere) actions.push({ ...common, at: later(), do: 'move', folder: 'inbox' });
    if (random.chance(EDITED)) {
      actions.push({ ...common, at: later(), do: 'edit', subject: subjectOf(mail, keywords, random) });
    }
    if (random.chance(MOVED_OUT)) {
      actions.push({ ...common, at: later(), do: 'move', folder: 'archive' });
      if (random.chance(RETURNED)) actions.push({ ...common, at: later(), do: 'move', folder: 'inbox' });
    } else if (random.chance(DELETED)) {
      actions.push({ ...common, at: later(), do: 'delete' });
    }
  }
  return actions;
}

/** A quarter of the subjects has no keyword; a few have two. */
function subjectOf(mail: number, keywords: readonly string[], random: Random): string {
  const words = random.weighted([
    [[], 1],
    [[random.pick(keywords)], 2.5],
    [[random.pick(keywords), random.pick(keywords)], 0.5],
  ] as const);
  return [...words, mailName(mail)].join(' ');
}

/** Stands in the subject of each mail and survives every edit. */
export function mailName(mail: number): string {
  return `#${mail}#`;
}

/** The mail that a subject belongs to. */
export function findMailNumber(subject: string): number | undefined {
  const [, digits] = subject.match(/#(\d+)#/) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
