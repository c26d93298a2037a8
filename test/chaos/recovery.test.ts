import { describe, expect, it } from 'vitest';
import { timelinesOf } from '../../chaos/check/account-timeline.ts';
import { expectMails } from '../../chaos/check/expectation.ts';
import { recoveries } from '../../chaos/check/recovery.ts';
import type { AccountChange } from '../../chaos/evidence/evidence.ts';
import { aChange, aDelivery, aFault, anEnd, aRouted, at } from './histories.ts';

/** A fault from second 10 to 20; mail 1 during it, mail 2 afterwards. */
function recovered(routedAt: readonly [number, number], changes: readonly AccountChange[] = []) {
  const timelines = timelinesOf(changes, 1);
  const sent = expectMails([aDelivery(15), aDelivery(22, { mail: 2 })], timelines, [anEnd()]);
  const mails = routedAt.map((seconds, n) => aRouted(seconds, { mail: n + 1 }));
  return recoveries([aFault(10, 'slow')], sent, mails, timelines)[0];
}

describe('the recovery from a harm', () => {
  it('ends for its own mail with the last of it, and for what comes later with the first', () => {
    expect(recovered([27, 23])).toMatchObject({ harms: 1, all: { maxMs: at(7) }, next: { maxMs: at(3) } });
  });

  it('takes no time when all was routed while it lasted', () => {
    expect(recovered([16, 23])).toMatchObject({ all: { maxMs: 0 } });
  });

  it('does not count the time for which an account was disabled', () => {
    const pause = [aChange(16, 'disabled'), aChange(40, 'enabled', 'catch-up')];
    expect(recovered([45, 46], pause)).toMatchObject({ all: { maxMs: 0 }, next: { maxMs: 0 } });
  });
});
