import { z } from 'zod';
import { foldAddress } from '../../domain/fold-address.ts';
import { trimInvisible } from '../../domain/words/invisible-text.ts';
import { refusedAs, valueReasons } from './value-problem.ts';

/** One of our ids in an answer. */
export const Id = z.uuid().meta({ examples: ['01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11'] });

/** The id of a resource in its path. */
export const IdParams = z.object({ id: Id });

/** A time in an answer: ISO 8601, UTC. */
export const Time = z.date().meta({ examples: ['2026-11-24T09:30:00.000Z'] });

/** No character that ends a line or changes the direction of the text after it: names are shown in lists. */
const plainText = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;

/** One line of displayed text: trimmed, also of what shows nothing, and without control characters. */
export function Line(longest: number) {
  return z
    .string()
    .overwrite(trimInvisible)
    .max(longest)
    .refine((text) => plainText.test(text), refusedAs('control-characters'))
    .refine((text) => text.isWellFormed(), refusedAs('not-well-formed'));
}

/** A boolean in a query string. */
export const Flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ examples: ['true'] });

/** A whole number in a query string. */
export function Count(least: number, most: number, usual: number) {
  return z.coerce
    .number()
    .pipe(z.int().min(least).max(most))
    .default(usual)
    .meta({ type: 'integer', minimum: least, maximum: most, default: usual });
}

/** The start of the next page of a newest-first list. */
export const Before = z.coerce
  .number()
  .pipe(z.int().min(1).max(Number.MAX_SAFE_INTEGER))
  .optional()
  .meta({ type: 'integer', minimum: 1, description: 'The id of the last entry of the page before.' });

/**
 * The longest address that mail allows (RFC 5321, 4.5.3.1.3). Compared and stored in lower case: Exchange is not
 * case-sensitive.
 */
export const EmailAddress = z
  .string()
  .overwrite(trimInvisible)
  .max(254)
  .overwrite(foldAddress)
  .pipe(z.email({ error: valueReasons['no-email-address'] }))
  .meta({ examples: ['support@contoso.example'] });
