import { createHash } from 'node:crypto';

/** Random choices from a seed. */
export interface Random {
  /** From 0 to below 1. */
  fraction(): number;
  /** An integer from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True with a probability of 0 to 1. */
  chance(probability: number): boolean;
  /** One of the choices, all equally likely. Throws when there are none. */
  pick<T>(choices: readonly T[]): T;
  /** One of the choices, by weight. Throws when there are none. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
}

/**
 * The choices of one actor: mulberry32, from the seed and the actor's name. Each actor has its own stream, so that
 * additional actions of one actor do not change the others.
 */
export function createRandom(seed: number, actor: string): Random {
  let state = createHash('sha256').update(`${seed}/${actor}`).digest().readUInt32LE();
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new Error('Nothing to choose from');
    return choices[Math.floor(fraction() * choices.length)] as T;
  };
  return {
    fraction,
    between: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
    chance: (probability) => fraction() < probability,
    pick,
    weighted(choices) {
      const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
      let left = fraction() * total;
      for (const [choice, weight] of choices) {
        left -= weight;
        if (left < 0) return choice;
      }
      return pick(choices)[0];
    },
  };
}
