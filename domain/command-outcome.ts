/**
 * What became of a command. `done`: it changed the account. `unchanged`: the account was so already. `overtaken`: a later
 * command had been carried out before it, so it changed nothing.
 */
export const commandOutcomes = ['done', 'unchanged', 'overtaken'] as const;
export type CommandOutcome = (typeof commandOutcomes)[number];
