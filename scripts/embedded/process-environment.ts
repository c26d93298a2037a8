import { type Variable, variables } from '../../config/variables.ts';

/** A process of ours, or a program of others that is part of the stack: PostgreSQL, Temporal, the simulator. */
export type StackProcess = 'api' | 'worker' | 'other';

/**
 * What of an environment one process gets: everything that is not ours, such as PATH, and of Mailroom's variables those
 * that it reads. Only the API knows how people sign in; programs of others get no secret at all.
 */
export function environmentOf(process: StackProcess, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const withheld = Object.entries<Variable<unknown>>(variables)
    .filter(([, { secret, ofApi }]) => (process === 'other' ? secret : process === 'worker' && ofApi))
    .flatMap(([name]) => [name, `${name}_FILE`]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.includes(name)));
}
