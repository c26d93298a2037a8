import type { DifferenceOutcome } from '../../domain/difference-outcome.ts';
import type { LeftOutReason } from '../../domain/left-out.ts';

/** Outcomes of messages that a reconciliation found missing, in words. */
export function missingWords({ captured, quarantined, gone }: Readonly<Record<DifferenceOutcome, number>>): string {
  const parts = [
    captured > 0 &&
      `${messages(captured)} ${captured === 1 ? 'was' : 'were'} missing and ${captured === 1 ? 'is' : 'are'} now captured.`,
    quarantined > 0 &&
      `${messages(quarantined)} ${quarantined === 1 ? 'was' : 'were'} missing and cannot be captured: check the quarantine.`,
    gone > 0 &&
      `${messages(gone)} ${gone === 1 ? 'was' : 'were'} missing and left the mailbox before ${gone === 1 ? 'it' : 'they'} could be read.`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}

const outcomeWords: Readonly<Record<DifferenceOutcome, string>> = {
  captured: 'Was missing and is now captured.',
  quarantined: 'Was missing and could not be captured.',
  gone: 'Was missing and left the mailbox before it could be read.',
};

/** Outcome of one message. A quarantined message may have been captured since. */
export function differenceWords(outcome: DifferenceOutcome, isCaptured: boolean): string {
  if (!Object.hasOwn(outcomeWords, outcome)) return `Had been missing. A newer release of Mailroom noted: ${outcome}.`;
  return outcome === 'quarantined' && isCaptured ? 'Was missing and was captured later.' : outcomeWords[outcome];
}

/** What was left out on purpose, and what happens to it, in words. */
export function leftOutWords(reason: LeftOutReason, count: number, captureFrom: Date | null): string {
  switch (reason) {
    case 'received-earlier': {
      const moment = captureFrom === null ? '' : ` (${captureFrom.toISOString().slice(0, 16).replace('T', ' ')} UTC)`;
      return `${messages(count)} received before the account’s capture start${moment}.`;
    }
    case 'draft':
      return `${messages(count)} in the inbox ${count === 1 ? 'is a draft' : 'are drafts'}. What still is after an hour is captured as mail.`;
    case 'copy':
      return `${messages(count)} arrived again under another ID and ${count === 1 ? 'was' : 'were'} not queued again.`;
  }
}

interface Completeness {
  readonly comparedAt: Date | null;
  readonly inMailbox: number | null;
  readonly inLedger: number | null;
  readonly inQuarantine: number;
  readonly repaired: number;
}

/** The result of the last reconciliation in a sentence: "4,812 of 4,812 messages of the inbox are in Mailroom." */
export function completenessWords({ comparedAt, inMailbox, inLedger, inQuarantine, repaired }: Completeness): string {
  if (comparedAt === null || inMailbox === null || inLedger === null) {
    return 'The mailbox has not been compared with Mailroom yet.';
  }
  const parked = inQuarantine === 0 ? '' : `, ${number(inQuarantine)} in quarantine`;
  const found = `${number(inLedger)} of ${number(inMailbox)} messages of the inbox are in Mailroom${parked}.`;
  return repaired === 0 ? found : `${found} ${messages(repaired)} had been missing until this comparison.`;
}

function messages(count: number): string {
  return `${number(count)} message${count === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
