/**
 * Why lists of the inbox take the place of delta for a while. `quota-exceeded`: the mailbox is full. `delta-refused`:
 * Microsoft refuses delta and gives lists. `delta-failed`: a page of changes does not come, however small. `walk-endless`:
 * pages without news, and without an end. `delta-silent`: delta did not tell of mail that is there. `delta-not-offered`: the
 * cloud has no delta for mail. Stored as written here.
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
