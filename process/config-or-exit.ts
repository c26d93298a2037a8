import { ConfigProblem } from '../config/config-problem.ts';
import { type Config, readConfig } from '../config/environment.ts';

/** The configuration of a process. One that cannot be used is told in its own words, not as a stack, and ends it. */
export function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    return exitOverConfig(error);
  }
}

/** Ends the process over a problem of its configuration; throws every other error again. */
export function exitOverConfig(error: unknown): never {
  if (!(error instanceof ConfigProblem)) throw error;
  exitWith(error.message);
}

/** Ends the process over what its operator has to mend, in words instead of a stack. */
export function exitWith(words: string): never {
  console.error(words);
  process.exit(1);
}
