/** The meaning of a colour, which always stands beside words. `busy`: as expected, and not done yet. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'busy';
