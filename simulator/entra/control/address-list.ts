import { z } from 'zod';
import { ControlError } from './control-reply.ts';

const MOST_ADDRESSES = 100_000;

/** A list of addresses, or a pattern whose `{n}` counts from 1. */
export const AddressList = z.union([
  z.array(z.email()).min(1).max(MOST_ADDRESSES),
  z.strictObject({ count: z.int().min(1).max(MOST_ADDRESSES), pattern: z.string().includes('{n}') }),
]);

export function expandAddresses(list: z.infer<typeof AddressList>): readonly string[] {
  if (Array.isArray(list)) return list;
  const { count, pattern } = list;
  const expanded = Array.from({ length: count }, (_, index) => pattern.replaceAll('{n}', String(index + 1)));
  if (z.email().safeParse(expanded[0]).success) return expanded;
  throw new ControlError(400, 'BadRequest', `"${expanded[0]}" is not an e-mail address`);
}
