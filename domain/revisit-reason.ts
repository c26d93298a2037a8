/**
 * Why a message of the inbox is read again later: `draft`, a program may have put it there, and what lies there for an hour
 * is mail; `scan-in-progress`, an attachment stands for another one until Microsoft has scanned that.
 */
export const revisitReasons = ['draft', 'scan-in-progress'] as const;
export type RevisitReason = (typeof revisitReasons)[number];
