/** How something stands, as its colour says beside words. `busy`: as it should be, and not done yet. */
export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'busy';
