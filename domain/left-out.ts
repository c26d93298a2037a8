/**
 * Why mail of an inbox is left out of the queues on purpose. `received-earlier`: before the account's mail is captured.
 * `draft`: it is being written, or a program left it as a draft; after an hour it counts as mail. `copy`: the mailbox
 * delivered it before under another id.
 */
export const leftOutReasons = ['received-earlier', 'draft', 'copy'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Number of messages left out; undefined: Microsoft did not say. */
export type LeftOut = Readonly<Record<LeftOutReason, number | undefined>>;
