/**
 * The outcome of a command. `done`: it changed the account. `unchanged`: the account was already in that state.
 * `overtaken`: a later command had been carried out first, so it changed nothing.
 */
export const commandOutcomes = ['done', 'unchanged', 'overtaken'] as const;
export type CommandOutcome = (typeof commandOutcomes)[number];
