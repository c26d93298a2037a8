import { z } from 'zod';

/**
 * A stored word in an answer. The row may come from a newer release (during a roll-out, or after a rollback) with words
 * that this one does not know: they are passed on as they are and never fail an answer. Clients, our pages included,
 * must expect them. For words that this release derives itself, use `z.enum`.
 */
export function Stored<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.union([z.enum(words), z.string()]).meta({
    description: `One of ${words.map((word) => `\`${word}\``).join(', ')}, or a word that a newer release wrote.`,
  });
}
