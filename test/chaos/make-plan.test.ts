import { describe, expect, it } from 'vitest';
import { makePlan, type PlanOptions } from '../../chaos/plan/make-plan.ts';
import { thingOf } from '../../chaos/plan/plan.ts';
import { FAULT_KINDS } from '../../simulator/faults.ts';

const options: PlanOptions = {
  seed: 7,
  minutes: 20,
  mailsPerMinute: 1_000,
  killsPerMinute: 10,
  harmsPerMinute: 18,
  accounts: 20,
  agents: 4,
  faultKinds: FAULT_KINDS,
};

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(options)).toEqual(makePlan(options));
    expect(makePlan({ ...options, seed: 8 }).actions).not.toEqual(makePlan(options).actions);
  });

  it('leaves the other actors as they are when there is more mail, or a fault that was not known before', () => {
    const others = (plan: ReturnType<typeof makePlan>) => ({
      actions: plan.actions.filter(({ actor }) => !actor.startsWith('mailbox')),
      harms: plan.harms.filter(({ do: what }) => what !== 'simulator-fault'),
    });
    const changed = { ...options, mailsPerMinute: 50, faultKinds: [...FAULT_KINDS, 'new'] };
    expect(others(makePlan(changed))).toEqual(others(makePlan(options)));
  });

  it('has as many mails and kills as were asked for, and every kind of harm and fault', () => {
    const { actions, harms } = makePlan(options);
    expect(actions.filter(({ do: what }) => what === 'deliver')).toHaveLength(20_000);
    expect(harms.filter(({ do: what }) => what === 'kill')).toHaveLength(200);
    const faults = harms.flatMap((harm) => (harm.do === 'simulator-fault' ? [harm.fault.kind] : []));
    expect(new Set(faults)).toEqual(new Set(FAULT_KINDS));
    expect(new Set(harms.map(({ do: what }) => what))).toEqual(
      new Set([
        ...['kill', 'freeze', 'cut', 'hold', 'postgres-restart', 'postgres-freeze', 'disk-full'],
        ...['temporal-away', 'temporal-emptied', 'simulator-freeze', 'simulator-fault'],
      ]),
    );
    expect(new Set(actions.map(({ do: what }) => what))).toEqual(
      new Set([
        ...['deliver', 'edit', 'move', 'delete', 'disable', 'enable', 'route', 'revoke', 'sign-in'],
        ...['withdraw', 'grant', 'compare', 'work', 'rename', 'remove'],
      ]),
    );
  });

  it('never harms a thing that is just being harmed', () => {
    const harms = makePlan(options).harms.filter(({ do: what }) => what !== 'simulator-fault');
    for (const same of Map.groupBy(harms, thingOf).values()) {
      for (const [n, { at }] of same.entries()) {
        const before = same[n - 1];
        if (before) expect(at).toBeGreaterThanOrEqual(before.at + before.forMs);
      }
    }
  });

  it('freezes some processes for longer than leases and heartbeats last', () => {
    const frozenMs = makePlan(options).harms.flatMap((harm) => (harm.do === 'freeze' ? [harm.forMs] : []));
    expect(Math.max(...frozenMs)).toBeGreaterThan(15_000);
  });
});
