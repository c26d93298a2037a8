import { describe, expect, it } from 'vitest';
import { checkEvidence } from '../../chaos/check/check-evidence.ts';
import { type Finding, verdicts } from '../../chaos/check/finding.ts';
import type { Evidence } from '../../chaos/evidence/evidence.ts';
import { isPassed } from '../../chaos/report/verdict.ts';
import {
  aChange,
  aClaim,
  aCompletion,
  aDelivery,
  aDisabling,
  aFault,
  aMove,
  anEdit,
  anEnabling,
  anEnd,
  anEvidence,
  aRelease,
  aRemoval,
  aRevocation,
  aRouted,
  aSaving,
  at,
} from './histories.ts';

const found = new Set<string>();

/** What the checker finds, by name. */
function verdictsOn(given: Partial<Evidence>): readonly Finding['verdict'][] {
  const { findings } = checkEvidence(anEvidence(given));
  for (const { verdict } of findings) found.add(verdict);
  return findings.map(({ verdict }) => verdict);
}
/** Disabled from second 10 to 20. */
const pause = (mode: 'catch-up' | 'from-now') => ({
  operations: [aDisabling(10), anEnabling(20, { resume: mode })],
  changes: [aChange(10.05, 'disabled'), aChange(20.05, 'enabled', mode)],
});
const disabledAtEnd = anEnd({
  enabled: false,
  state: 'paused',
  reading: 'off',
  workflow: 'paused',
  isProbeRouted: false,
});

describe('a mail', () => {
  it('that came and was routed is in order', () => {
    expect(verdictsOn({})).toEqual([]);
  });

  it('is lost when it is nowhere', () => {
    expect(verdictsOn({ mails: [] })).toEqual(['mail lost']);
  });

  it('is lost when it was moved away, came back, and is nowhere', () => {
    const operations = [aDelivery(1), aMove(2, 'archive'), aMove(3, 'inbox')];
    expect(verdictsOn({ operations, mails: [] })).toEqual(['mail lost']);
  });

  it('may be routed or not when it is elsewhere at the end, or nothing is sure about it', () => {
    const histories = [
      [aDelivery(1), aMove(2, 'archive')],
      [aDelivery(1), { ...aMove(2, 'inbox'), outcome: 'unknown' as const }],
      [aDelivery(1, { outcome: 'unknown' })],
    ];
    for (const operations of histories) {
      expect(verdictsOn({ operations, mails: [] })).toEqual([]);
      expect(verdictsOn({ operations })).toEqual([]);
    }
  });

  it('is doubled when two messages are of it, also under two ids', () => {
    const second = aRouted(3, { graphId: 'AAkother', item: { id: 'item-2' } });
    expect(verdictsOn({ mails: [aRouted(2), second] })).toEqual(['mail doubled']);
  });

  it('needs an item', () => {
    expect(verdictsOn({ mails: [{ ...aRouted(2), item: undefined }] })).toEqual(['message without an item']);
  });

  it('must have been sent', () => {
    expect(verdictsOn({ mails: [aRouted(2), aRouted(2, { mail: 7 })] })).toEqual(['mail that nobody sent']);
    expect(verdictsOn({ mails: [aRouted(2, { account: undefined })] })).toEqual(['mail lost', 'mail that nobody sent']);
  });
});

describe('mail of a time when its account was disabled', () => {
  const sent = aDelivery(14);

  it('must be caught up', () => {
    const { operations, changes } = pause('catch-up');
    const history = { operations: [sent, ...operations], changes };
    expect(verdictsOn({ ...history, mails: [] })).toEqual(['mail lost']);
    expect(verdictsOn({ ...history, mails: [aRouted(21)] })).toEqual([]);
  });

  it('must not appear when the account was resumed from now on', () => {
    const { operations, changes } = pause('from-now');
    const history = { operations: [sent, ...operations], changes };
    expect(verdictsOn({ ...history, mails: [] })).toEqual([]);
    expect(verdictsOn({ ...history, mails: [aRouted(21)] })).toEqual(['mail routed although it was left out']);
  });

  it('may do either when it came as the account was resumed, or waited already when it was disabled', () => {
    const { operations, changes } = pause('from-now');
    for (const delivery of [aDelivery(18), aDelivery(9)]) {
      const history = { operations: [delivery, ...operations], changes };
      expect(verdictsOn({ ...history, mails: [] })).toEqual([]);
      expect(verdictsOn({ ...history, mails: [aRouted(21)] })).toEqual([]);
    }
  });

  it('may do either when it came while the resumption from now on was asked for and not carried out yet', () => {
    const { operations, changes } = pause('from-now');
    const asked = anEnabling(13, { resume: 'from-now', outcome: 'unknown' });
    const history = { operations: [sent, asked, ...operations], changes };
    expect(verdictsOn({ ...history, mails: [] })).toEqual([]);
    expect(verdictsOn({ ...history, mails: [aRouted(21)] })).toEqual([]);
  });

  it('must not be routed meanwhile', () => {
    const { operations, changes } = pause('catch-up');
    const history = { operations: [aDelivery(1), ...operations], changes };
    expect(verdictsOn({ ...history, mails: [aRouted(15)] })).toEqual(['mail routed while disabled']);
    // Its transaction began before, so it may have seen the account enabled.
    expect(verdictsOn({ ...history, mails: [aRouted(15, { routedFrom: at(9.9) })] })).toEqual([]);
  });

  it('need not be routed while the account is disabled', () => {
    const history = {
      operations: [aDisabling(10), aDelivery(14)],
      changes: [aChange(10.05, 'disabled')],
      accounts: [disabledAtEnd],
      mails: [],
    };
    expect(verdictsOn(history)).toEqual([]);
    const accounts = [{ ...disabledAtEnd, isProbeRouted: true }];
    expect(verdictsOn({ ...history, accounts })).toEqual(['mail routed while disabled']);
  });
});

describe('a removed account', () => {
  const removedAtEnd = anEnd({
    ...disabledAtEnd,
    removed: true,
    state: 'not shown',
    reading: 'not shown',
    workflow: 'removed',
    comparison: undefined,
  });
  const history = { operations: [aDelivery(1), aRemoval(10)], changes: [aChange(10.05, 'removed')] };

  it('is in order when it is gone, with its workflow, and its mail of before is in its queue', () => {
    for (const workflow of ['removed', undefined]) {
      expect(verdictsOn({ ...history, accounts: [{ ...removedAtEnd, workflow }] })).toEqual([]);
    }
  });

  it('is removed by a command, and stays so', () => {
    const accounts = [removedAtEnd];
    expect(verdictsOn({ ...history, operations: [aDelivery(1)], accounts })).toEqual(['change without a command']);
    const kept = { ...disabledAtEnd, state: 'paused' };
    expect(verdictsOn({ ...history, accounts: [kept] })).toEqual(['answer not true']);
  });

  it('is neither shown, nor read, nor run by a workflow', () => {
    for (const left of [{ state: 'paused' }, { workflow: 'authenticated' }]) {
      const accounts = [{ ...removedAtEnd, ...left }];
      expect(verdictsOn({ ...history, accounts })).toEqual(['row, workflow and reading disagree']);
    }
    const read = [{ ...removedAtEnd, isProbeRouted: true }];
    expect(verdictsOn({ ...history, accounts: read })).toEqual(['mail routed while disabled']);
    expect(verdictsOn({ ...history, accounts: [removedAtEnd], mails: [aRouted(15)] })).toEqual([
      'mail routed while disabled',
    ]);
  });
});

describe('rules', () => {
  it('decide which queue is right', () => {
    expect(verdictsOn({ mails: [aRouted(2, { item: { queue: 0 } })] })).toEqual(['wrong queue']);
  });

  it('of either side are right while a save is under way', () => {
    const operations = [aDelivery(1), aSaving(2, { end: at(4) })];
    const accounts = [anEnd({ routingVersion: 3 })];
    expect(verdictsOn({ operations, accounts, mails: [aRouted(3)] })).toEqual([]);
    expect(verdictsOn({ operations, accounts, mails: [aRouted(3, { item: { version: 3, queue: 2 } })] })).toEqual([]);
    expect(verdictsOn({ operations, accounts, mails: [aRouted(3, { item: { version: 3, queue: 1 } })] })).toEqual([
      'wrong queue',
    ]);
  });

  it('are outdated once others were answered', () => {
    const operations = [aDelivery(1), aSaving(2)];
    const accounts = [anEnd({ routingVersion: 3 })];
    expect(verdictsOn({ operations, accounts, mails: [aRouted(4)] })).toEqual(['outdated rules']);
  });

  it('do not count before they were sent, nor when they were never sent or refused', () => {
    const accounts = [anEnd({ routingVersion: 3 })];
    const mails = [aRouted(2, { item: { version: 3, queue: 2 } })];
    expect(verdictsOn({ operations: [aDelivery(1), aSaving(4)], accounts, mails })).toEqual(['wrong queue']);
    expect(verdictsOn({ accounts, mails })).toEqual(['wrong queue']);
    const refused = aSaving(1, { outcome: 'refused', status: 409 });
    expect(verdictsOn({ operations: [aDelivery(1), refused], accounts, mails })).toEqual(['wrong queue']);
  });

  it('may be any of those that were sent for a version without an answer', () => {
    const other = { defaultQueue: 0, rules: [] };
    const operations = [
      aDelivery(1),
      aSaving(1, { outcome: 'unknown' }),
      aSaving(1.5, { outcome: 'unknown', routing: other }),
    ];
    const accounts = [anEnd({ routingVersion: 3 })];
    for (const queue of [0, 2]) {
      expect(verdictsOn({ operations, accounts, mails: [aRouted(2, { item: { version: 3, queue } })] })).toEqual([]);
    }
  });

  it('read the subject that the mail had', () => {
    const operations = [aDelivery(1), anEdit(3, 'hello #1#')];
    const edited = { subject: 'hello #1#', item: { queue: 0 } };
    expect(verdictsOn({ operations })).toEqual([]);
    expect(verdictsOn({ operations, mails: [aRouted(4, edited)] })).toEqual([]);
    expect(verdictsOn({ operations, mails: [aRouted(2, edited)] })).toEqual(['wrong queue']);
    expect(verdictsOn({ mails: [aRouted(4, edited)] })).toEqual(['wrong queue']);
  });

  it('are lost when they were answered and are not there', () => {
    expect(verdictsOn({ operations: [aDelivery(1), aSaving(4)] })).toEqual(['saved rules lost']);
    const twice = [aDelivery(1), aSaving(4), aSaving(5)];
    expect(verdictsOn({ operations: twice, accounts: [anEnd({ routingVersion: 3 })] })).toEqual(['saved rules lost']);
  });
});

describe('a command', () => {
  const disabled = { changes: [aChange(10.05, 'disabled')], accounts: [disabledAtEnd], mails: [] };

  it('that answered must be true', () => {
    expect(verdictsOn({ operations: [aDisabling(10)], mails: [] })).toEqual(['answer not true']);
    expect(verdictsOn({ ...disabled, operations: [aDisabling(10)] })).toEqual([]);
  });

  it('is not refused because it is so already', () => {
    const already = anEnabling(12, { outcome: 'refused', status: 409, reason: 'state-forbids' });
    expect(verdictsOn({ ...disabled, operations: [aDisabling(10), already] })).toEqual([
      'commands judged by an old state',
    ]);
  });

  it('without an answer may be done or not', () => {
    const unclear = aDisabling(10, { outcome: 'unknown' });
    expect(verdictsOn({ operations: [unclear], mails: [] })).toEqual([]);
    expect(verdictsOn({ ...disabled, operations: [unclear] })).toEqual([]);
    // Nor has it to be done at once, as long as no other command was answered.
    expect(verdictsOn({ ...disabled, changes: [aChange(30, 'disabled')], operations: [unclear] })).toEqual([]);
  });

  it('without an answer that is done after another one was answered was overtaken', () => {
    const operations = [aDisabling(10, { outcome: 'unknown', end: at(11) }), anEnabling(12)];
    const evidence = { ...disabled, changes: [aChange(14, 'disabled')], operations };
    expect(verdictsOn(evidence)).toEqual(['overtaken commands']);
    expect(isPassed(checkEvidence(anEvidence(evidence)).findings, false)).toBe(false);
  });

  it('was not overtaken by one that was never sent', () => {
    const operations = [
      aDisabling(10, { outcome: 'unknown', end: at(11) }),
      anEnabling(12, { outcome: 'refused', status: undefined }),
    ];
    const { findings } = checkEvidence(anEvidence({ ...disabled, changes: [aChange(14, 'disabled')], operations }));
    expect(findings).toEqual([]);
  });

  it('is behind every change', () => {
    expect(verdictsOn({ ...disabled, operations: [] })).toEqual(['change without a command']);
    const tooEarly = [aDisabling(12, { outcome: 'unknown' })];
    expect(verdictsOn({ ...disabled, operations: tooEarly })).toEqual(['change without a command']);
    // The row says what no event does.
    expect(verdictsOn({ ...disabled, changes: [], operations: [] })).toEqual(['change without a command']);
  });
});

describe('an item', () => {
  const completedBy = (actor: string) => [aRouted(2, { item: { state: 'completed', claimedBy: actor } })];

  it('is claimed, completed, and stays so', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aCompletion(4, 'anna'), aCompletion(5, 'anna')];
    expect(verdictsOn({ operations, mails: completedBy('key:1') })).toEqual([]);
  });

  it('is held by two when another one gets it before the lease is over', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aClaim(5, 'bob')];
    expect(verdictsOn({ operations })).toEqual(['item held by two']);
  });

  it('passes on when it was given back, when the lease is over, and when the claims overlap', () => {
    const histories = [
      [aClaim(3, 'anna'), aRelease(4, 'anna'), aClaim(5, 'bob')],
      [aClaim(3, 'anna'), aClaim(34, 'bob')],
      [aClaim(3, 'anna', { end: at(40) }), aClaim(34, 'bob')],
    ];
    for (const operations of histories) expect(verdictsOn({ operations: [aDelivery(1), ...operations] })).toEqual([]);
  });

  it('does not come back', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aCompletion(4, 'anna'), aClaim(50, 'bob')];
    expect(verdictsOn({ operations, mails: completedBy('key:1') })).toEqual(['completed item back']);
  });

  it('is completed once', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aCompletion(40, 'anna'), aCompletion(41, 'bob')];
    expect(verdictsOn({ operations, mails: completedBy('key:1') })).toEqual(['completed item back']);
  });

  it('stays completed', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aCompletion(4, 'anna')];
    expect(verdictsOn({ operations })).toEqual(['completion lost']);
    expect(verdictsOn({ operations: operations.slice(1), mails: [] })).toEqual(['completion lost']);
  });

  it('is completed by who asked for it', () => {
    const operations = [aDelivery(1), aClaim(3, 'anna'), aCompletion(4, 'anna', { outcome: 'unknown' })];
    expect(verdictsOn({ operations, mails: completedBy('key:1') })).toEqual([]);
    expect(verdictsOn({ operations, mails: completedBy('key:2') })).toEqual(['completion invented']);
    expect(verdictsOn({ mails: completedBy('key:1') })).toEqual(['completion invented']);
  });
});

describe('a sign-in', () => {
  const asked = { changes: [aChange(20, 'sign-in-needed'), aChange(30, 'authenticated')] };
  const shared = { address: 'shared@contoso.example', kind: 'shared', signInAs: 'anna@contoso.example' } as const;

  it('is asked for when tokens were taken back, or Entra says so', () => {
    expect(verdictsOn({ ...asked, operations: [aDelivery(1), aRevocation(15)] })).toEqual([]);
    expect(verdictsOn({ ...asked, suffered: [aFault(12, 'invalid-grant')] })).toEqual([]);
  });

  it('is not asked for because of a refusal, but where access to a shared mailbox may have been taken away', () => {
    expect(verdictsOn(asked)).toEqual(['sign-in asked for without need']);
    const refused = { ...asked, suffered: [aFault(12, 'access-denied')] };
    expect(verdictsOn(refused)).toEqual(['sign-in asked for without need']);
    const { plan } = anEvidence();
    expect(verdictsOn({ ...refused, plan: { ...plan, accounts: [shared] } })).toEqual([]);
  });
});

describe('an answer', () => {
  it('is not 500, whatever is away', () => {
    const claim = aClaim(3, 'anna', { outcome: 'unknown', status: 500 });
    expect(verdictsOn({ operations: [aDelivery(1), claim] })).toEqual(['unexpected error']);
    expect(verdictsOn({ operations: [aDelivery(1), { ...claim, status: 503 }] })).toEqual([]);
  });
});

describe('at the end', () => {
  it('row, workflow and reading agree', () => {
    for (const given of [{ workflow: 'paused' }, { workflow: undefined }, { reading: 'late' }, { state: 'needed' }]) {
      expect(verdictsOn({ accounts: [anEnd(given)] })).toEqual(['row, workflow and reading disagree']);
    }
  });

  it('Temporal may have forgotten an account that is disabled, but must not hold it for another', () => {
    const forgotten = { ...disabledAtEnd, workflow: undefined };
    const changes = [aChange(10.05, 'disabled')];
    const history = { operations: [aDisabling(10)], mails: [], changes };
    expect(verdictsOn({ ...history, accounts: [forgotten] })).toEqual([]);
    expect(verdictsOn({ ...history, accounts: [{ ...forgotten, workflow: 'authenticated' }] })).toEqual([
      'row, workflow and reading disagree',
    ]);
  });

  it('mail flows', () => {
    expect(verdictsOn({ accounts: [anEnd({ isProbeRouted: false })] })).toEqual(['account not read']);
  });

  it('“N of N” is true', () => {
    for (const given of [
      undefined,
      { inMailbox: 1, inLedger: 1, inQuarantine: 0, counted: 2 },
      { inMailbox: 2, inLedger: 1, inQuarantine: 0, counted: 2 },
      { inMailbox: 1, inLedger: 1, inQuarantine: 1, counted: 1 },
    ]) {
      expect(verdictsOn({ accounts: [anEnd({ comparison: given })] })).toEqual(['completeness not true']);
    }
  });
});

describe('the checker', () => {
  it('was seen to find everything that it can find', () => {
    // Who waits until everything rests finds that by itself.
    expect([...found].sort()).toEqual(verdicts.filter((verdict) => verdict !== 'not at rest in time').sort());
  });
});
