/**
 * How far a mailbox is read. `off`: it is not to be read. `catching-up`: a drain is under way, with more to read than a poll
 * captures, or the first reading since it was connected or enabled is not over. `late`: somebody should have looked long ago.
 * `hindered`: its condition says why it could not be read. `current`: looked at in time, and nothing was left.
 */
export const readings = ['off', 'catching-up', 'late', 'hindered', 'current'] as const;
export type Reading = (typeof readings)[number];
