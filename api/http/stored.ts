import { z } from 'zod';

/**
 * A word out of a row, in an answer. Rows may be of a newer release (a roll-out, a step back), which has words that this one
 * does not know: those are passed on as they are, and never refuse an answer. Clients, our pages among them, must expect
 * them. For what this release derives itself, `z.enum` is right.
 */
export function Stored<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.union([z.enum(words), z.string()]).meta({
    description: `One of ${words.map((word) => `\`${word}\``).join(', ')}, or a word that a newer release wrote.`,
  });
}
