/**
 * Why lists of the inbox replace delta for a while. `quota-exceeded`: the mailbox is full. `delta-refused`: Microsoft
 * refuses delta but serves lists. `delta-failed`: a page of changes fails at any size. `walk-endless`: pages without
 * news, and without an end. `delta-silent`: delta left out mail that exists. `delta-not-offered`: the cloud has no
 * delta for mail. Stored as written here.
 */
export const deltaTroubles = [
  'quota-exceeded',
  'delta-refused',
  'delta-failed',
  'walk-endless',
  'delta-silent',
  'delta-not-offered',
] as const;
export type DeltaTrouble = (typeof deltaTroubles)[number];
