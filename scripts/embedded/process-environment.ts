import { type Variable, variables } from '../../config/variables.ts';

/** One of our processes, or another program of the stack: PostgreSQL, Temporal, the simulator. */
export type StackProcess = 'api' | 'worker' | 'other';

/**
 * The part of an environment that one process gets: all variables that are not Mailroom's, such as PATH, and those of
 * Mailroom's that it reads. Only the API gets the variables of sign-in; other programs get no secrets at all.
 */
export function environmentOf(process: StackProcess, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const withheld = Object.entries<Variable<unknown>>(variables)
    .filter(([, { secret, ofApi }]) => (process === 'other' ? secret : process === 'worker' && ofApi))
    .flatMap(([name]) => [name, `${name}_FILE`]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.includes(name)));
}
