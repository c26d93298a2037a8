/**
 * How far a mailbox is read. `off`: it is not read. `catching-up`: a drain is running that has more to read than a poll
 * captures, or the first reading since it was connected or enabled is not finished. `late`: a poll is long overdue.
 * `hindered`: its condition says why it could not be read. `current`: polled in time, and nothing was left.
 */
export const readings = ['off', 'catching-up', 'late', 'hindered', 'current'] as const;
export type Reading = (typeof readings)[number];
