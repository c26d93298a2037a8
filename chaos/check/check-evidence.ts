import type { Evidence } from '../evidence/evidence.ts';
import { timelinesOf } from './account-timeline.ts';
import { checkAnswers } from './check-answers.ts';
import { checkCommands } from './check-commands.ts';
import { checkItems } from './check-items.ts';
import { checkMail } from './check-mail.ts';
import { checkRest } from './check-rest.ts';
import { checkRouting } from './check-routing.ts';
import { checkSignIns } from './check-sign-ins.ts';
import { expectMails } from './expectation.ts';
import type { Finding } from './finding.ts';
import { type Recovery, recoveries } from './recovery.ts';

/** The verdict on a run, with the numbers behind it. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly recoveries: readonly Recovery[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Decides after the run, from the evidence alone. */
export function checkEvidence(evidence: Evidence): Checked {
  const { plan, operations, suffered, mails, changes, accounts, actors } = evidence;
  const timelines = timelinesOf(changes, plan.accounts.length);
  const sent = expectMails(operations, timelines, accounts);
  const { routing } = plan;
  const count = (outcome: string) => operations.filter((each) => each.outcome === outcome).length;
  const expected = (expectation: string) => sent.filter((each) => each.expectation === expectation).length;
  return {
    findings: [
      ...checkMail(sent, mails),
      ...checkRouting({ sent, mails, operations, routing, accounts }),
      ...checkCommands({ operations, changes, mails, accounts }),
      ...checkItems(operations, mails, actors),
      ...checkSignIns({ operations, suffered, changes, accounts: plan.accounts }),
      ...checkAnswers(operations),
      ...checkRest(accounts),
    ],
    recoveries: recoveries(suffered, sent, mails, timelines),
    counts: {
      mails: sent.length,
      mustBeRouted: expected('must'),
      mayBeRouted: expected('may'),
      mustNotBeRouted: expected('must-not'),
      routed: mails.length,
      operations: operations.length,
      answered: count('done'),
      refused: count('refused'),
      unknown: count('unknown'),
      claims: operations.filter((each) => each.do === 'claim' && each.item !== undefined).length,
      completions: operations.filter((each) => each.do === 'complete' && each.outcome === 'done').length,
      signInsNeeded: changes.filter(({ name }) => name === 'sign-in-needed').length,
      kills: suffered.filter((each) => each.do === 'kill').length,
      harms: suffered.length,
    },
  };
}
