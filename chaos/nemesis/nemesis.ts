import { setTimeout as sleep } from 'node:timers/promises';
import { type Harm, thingOf } from '../plan/plan.ts';
import type { Recorder } from '../record/recorder.ts';
import type { ChaosStack } from '../stack/start-chaos-stack.ts';

/** Inflicts one harm, and undoes it after its time, or immediately when the signal aborts. */
export type Nemesis = (harm: Harm) => Promise<void>;

export function createNemesis(stack: ChaosStack, recorder: Recorder, signal: AbortSignal): Nemesis {
  const turns = new Map<string, Promise<void>>();

  async function harmOnce(harm: Harm): Promise<void> {
    if (signal.aborted) return;
    const start = Date.now();
    try {
      const giveBack = await strike(stack, harm);
      await sleep(harm.forMs, undefined, { signal }).catch(() => {});
      await giveBack();
    } catch (error) {
      recorder.note({ what: `${harm.do} could not be done`, why: String(error) });
      return;
    }
    recorder.harm({ ...harm, start, end: Date.now() });
  }

  return (harm) => {
    if (harm.do === 'simulator-fault') return harmOnce(harm);
    // The plan keeps harms apart; a machine that is slow to undo one does not.
    const thing = thingOf(harm);
    const turn = (turns.get(thing) ?? Promise.resolve()).then(() => harmOnce(harm));
    turns.set(thing, turn);
    return turn;
  };
}

async function strike({ processes, postgres, temporal, simulator, microsoft, line }: ChaosStack, harm: Harm) {
  switch (harm.do) {
    case 'kill':
      await processes[harm.target].kill();
      return processes[harm.target].start;
    case 'freeze':
      processes[harm.target].freeze();
      return processes[harm.target].thaw;
    case 'cut':
      await line(harm.target, harm.from).cut();
      return line(harm.target, harm.from).restore;
    case 'hold':
      line(harm.target, harm.from).hold();
      return line(harm.target, harm.from).release;
    case 'postgres-restart':
      await postgres.stopAtOnce();
      return postgres.start;
    case 'postgres-freeze':
      postgres.freeze();
      return postgres.thaw;
    case 'disk-full':
      await postgres.fillDisk();
      return postgres.emptyDisk;
    case 'temporal-away':
      await temporal.kill();
      return temporal.start;
    case 'temporal-emptied':
      await temporal.kill();
      temporal.empty();
      return temporal.start;
    case 'simulator-freeze':
      microsoft.freeze();
      return microsoft.thaw;
    case 'simulator-fault': {
      const { id } = await simulator.call<{ id: number }>('POST', '/faults', harm.fault);
      // The fault is gone already if it struck as often as it should.
      return async () => await simulator.call('DELETE', `/faults/${id}`).catch(() => {});
    }
  }
}
