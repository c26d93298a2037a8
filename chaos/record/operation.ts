import type { Action, Harm } from '../plan/plan.ts';

/**
 * `done`: an answer said so. `refused`: an answer said that it was not done, or it was never sent. `unknown`: it may
 * have been done, may still be done, or never.
 */
export type Outcome = 'done' | 'refused' | 'unknown';

/** One request of an actor. Times are milliseconds of the one clock. */
export type Operation<Deed extends Deeds = Deeds> = Deed & {
  readonly actor: string;
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** Why it was refused, as the API's reason. */
  readonly reason?: string | undefined;
};

/** In addition to the planned actions: what agents do with one item, and the version of a saved routing. */
export type Deeds =
  | Exclude<Action, { do: 'work' | 'route' }>
  | (Extract<Action, { do: 'route' }> & { readonly version: number })
  | { readonly do: 'claim'; readonly queue: number; readonly item?: string; readonly leaseUntil?: number }
  | { readonly do: 'renew'; readonly item: string; readonly leaseUntil?: number }
  | { readonly do: 'complete'; readonly item: string }
  | { readonly do: 'release'; readonly item: string };

export type OperationOf<Kind extends Deeds['do']> = Operation<Extract<Deeds, { do: Kind }>>;

/** A harm that was inflicted, from its first moment until it was completely undone. */
export type Suffered = Harm & { readonly start: number; readonly end: number };

/** The operations of one kind. */
export function operationsOf<Kind extends Deeds['do']>(
  operations: readonly Operation[],
  ...kinds: readonly Kind[]
): readonly OperationOf<Kind>[] {
  return operations.filter((operation) => (kinds as readonly string[]).includes(operation.do)) as OperationOf<Kind>[];
}
