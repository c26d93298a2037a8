import { ConfigProblem } from '../config/config-problem.ts';
import { type Config, readConfig } from '../config/environment.ts';

/** The configuration of a process. An unusable one is reported in words, not as a stack, and ends the process. */
export function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    return exitOverConfig(error);
  }
}

/** Ends the process on a ConfigProblem; rethrows every other error. */
export function exitOverConfig(error: unknown): never {
  if (!(error instanceof ConfigProblem)) throw error;
  exitWith(error.message);
}

/** Ends the process with a message for its operator instead of a stack. */
export function exitWith(words: string): never {
  console.error(words);
  process.exit(1);
}
