/**
 * Why mail of an inbox is not in a queue on purpose. `received-earlier`: before mail of the account is captured. `draft`: it
 * is being written, or a program left it as a draft; after an hour it is mail. `copy`: the mailbox gave it before under
 * another id.
 */
export const leftOutReasons = ['received-earlier', 'draft', 'copy'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** How many messages were left out; undefined: Microsoft did not say. */
export type LeftOut = Readonly<Record<LeftOutReason, number | undefined>>;
