/**
 * How far a mailbox is read. `off`: it is not to be read. `catching-up`: a drain is under way, with more to read than a look
 * takes in. `late`: somebody should have looked long ago. `current`: looked at in time, and nothing was left.
 */
export const readings = ['off', 'catching-up', 'late', 'current'] as const;
export type Reading = (typeof readings)[number];
