import { type PlannedAccount, type PlannedAction, type PlannedRouting, type ResumeMode, resumeModes } from './plan.ts';
import { createRandom, type Random } from './random.ts';

interface AdministrationOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly accounts: readonly PlannedAccount[];
  readonly queues: number;
  readonly keywords: readonly string[];
}

const BETWEEN_DEEDS_MS = [3_000, 16_000] as const;
const DISABLED_FOR_MS = [1_000, 15_000] as const;
const WITHDRAWN_FOR_MS = [2_000, 12_000] as const;
const STAYS_DISABLED = 0.1;
/** Share of accounts that are removed during the run. */
const REMOVED = 0.1;
/**
 * Resuming from now on leaves out everything that was not routed yet, including mail from before the account was
 * disabled: only mail after the last resume is certain to be due. So two of three accounts always catch up.
 */
const LEAVES_OUT_EVERY = 3;
const reasons = ['password-changed', 'session-revoked', 'sign-in-frequency', 'expired'] as const;

/** Plans what administrators do to accounts: one administrator for each account, one action after another. */
export function planAdministration(options: AdministrationOptions): readonly PlannedAction[] {
  return options.accounts.flatMap(({ kind }, account) => planAccount(options, account, kind === 'shared'));
}

function planAccount(
  { seed, durationMs, queues, keywords }: AdministrationOptions,
  account: number,
  isShared: boolean,
) {
  const actor = `administrator-${account}`;
  const random = createRandom(seed, actor);
  const modes: readonly ResumeMode[] = account % LEAVES_OUT_EVERY === 0 ? resumeModes : ['catch-up'];
  const actions: PlannedAction[] = [];
  // A separate random stream, so that all other actions stay as they are.
  const fate = createRandom(seed, `fate-${account}`);
  const removedAt = fate.chance(REMOVED) ? Math.round(durationMs * (0.3 + 0.6 * fate.fraction())) : durationMs;
  const remove = (at: number): PlannedAction[] =>
    removedAt < durationMs ? [{ do: 'remove', at: Math.max(at, removedAt), actor, account }] : [];
  for (let at = random.between(...BETWEEN_DEEDS_MS); at < removedAt; at += random.between(...BETWEEN_DEEDS_MS)) {
    const common = { at, actor, account };
    switch (
      random.weighted([
        ['toggle', 5],
        ['route', 4],
        ['revoke', 1],
        ['sign-in', 1],
        ['withdraw', isShared ? 1 : 0],
        ['compare', 2],
      ] as const)
    ) {
      case 'toggle': {
        actions.push({ ...common, do: 'disable' });
        at += random.between(...DISABLED_FOR_MS);
        const isLast = at + BETWEEN_DEEDS_MS[1] > durationMs;
        if (isLast && random.chance(STAYS_DISABLED)) return [...actions, ...remove(at)];
        actions.push({ ...common, at, do: 'enable', resume: random.pick(modes) });
        break;
      }
      case 'route':
        actions.push({ ...common, do: 'route', routing: aRouting(queues, keywords, random) });
        break;
      case 'withdraw':
        actions.push({ ...common, do: 'withdraw' });
        at += random.between(...WITHDRAWN_FOR_MS);
        actions.push({ ...common, at, do: 'grant' });
        break;
      case 'revoke':
        actions.push({ ...common, do: 'revoke', reason: random.pick(reasons) });
        break;
      case 'sign-in':
        actions.push({ ...common, do: 'sign-in' });
        break;
      case 'compare':
        actions.push({ ...common, do: 'compare' });
        break;
    }
  }
  return [...actions, ...remove(actions.at(-1)?.at ?? 0)];
}

function aRouting(queues: number, keywords: readonly string[], random: Random): PlannedRouting {
  const rules = Array.from({ length: random.between(0, 4) }, () => ({
    queue: random.between(0, queues - 1),
    keywords: [...new Set([random.pick(keywords), random.pick(keywords)])],
  }));
  return { defaultQueue: random.between(0, queues - 1), rules };
}
