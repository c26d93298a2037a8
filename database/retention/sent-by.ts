import { type RawBuilder, sql } from 'kysely';

/**
 * True for a row of `messages` from this sender; `address`: folded. The index folds by the database's rules, addresses by
 * ours.
 */
export function isSentBy(address: string | undefined): RawBuilder<boolean> {
  return sql<boolean>`(
    lower(messages.from_address) = lower(${address}) and lower(messages.from_address collate "C") = ${address}
  )`;
}
