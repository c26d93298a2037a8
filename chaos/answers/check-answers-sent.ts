/** What became of one answer, by Mailroom and by the simulator of Microsoft. */
export interface AnswerEvidence {
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly itemState: string;
  /** Mails that left a mailbox. */
  readonly left: number;
  /** Copies in the folder of sent mail of its mailbox. */
  readonly inSentItems: number;
  /** Files that it has to have, and that each mail that left has. */
  readonly files: number;
  readonly filesSent: readonly number[];
}

export interface AnswersChecked {
  readonly counts: Readonly<Record<'sent' | 'unknown' | 'failed' | 'lost' | 'doubled', number>>;
  readonly findings: readonly string[];
}

/**
 * Decides whether each answer was sent once. Unknown is right only for one that Microsoft accepted and did not send
 * (`still-a-draft`): everything else can be seen in the mailbox.
 */
export function checkAnswersSent(answers: readonly AnswerEvidence[]): AnswersChecked {
  const counts = { sent: 0, unknown: 0, failed: 0, lost: 0, doubled: 0 };
  const findings: string[] = [];
  for (const { name, state, reason, itemState, left, inSentItems, files, filesSent } of answers) {
    const find = (what: string) => findings.push(`${name}: ${what}`);
    if (state === 'sent' || state === 'unknown' || state === 'failed') counts[state] += 1;
    else find(`it is still ${state}`);
    if (left > 1) {
      counts.doubled += 1;
      find(`it left ${left} times`);
    }
    if (state === 'sent' && left === 0) {
      counts.lost += 1;
      find('it counts as sent, and never left');
    }
    if (state === 'sent' && left === 1 && inSentItems !== 1) find(`it is in Sent Items ${inSentItems} times`);
    if (state === 'failed' && left > 0) find('it counts as failed, and left');
    if (state === 'unknown' && (left > 0 || reason !== 'still-a-draft'))
      find(`it is unknown (${reason}), and could be known`);
    if (state === 'sent' && itemState !== 'completed') find(`its item is ${itemState}`);
    for (const count of filesSent) if (count !== files) find(`it has ${count} files instead of ${files}`);
  }
  return { counts, findings };
}
