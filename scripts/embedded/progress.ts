import { terminalText } from '../../domain/words/terminal-text.ts';
import { StartProblem } from './start-problem.ts';

/** Reports what a script does, line by line. */
export interface Progress {
  /** Runs a step and reports how it ended and how long it took. `describe` turns the result into the line. */
  step<T>(work: () => Promise<T>, describe: (result: T) => string): Promise<T>;
  done(line: string): void;
  tell(line: string): void;
  warn(line: string): void;
  /**
   * Reports why the script ends: in one line for a StartProblem and system errors, with a stack for unexpected errors.
   */
  fail(reason: unknown): void;
}

/**
 * Writes to stdout, and failures to stderr. Lines of other processes may quote strangers: see `terminalText`. A closed
 * terminal is no reason to fail: processes still have to be ended in order.
 */
export function createProgress(): Progress {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const write = (mark: string, text: string, to: NodeJS.WriteStream = stdout) => {
    to.write(`${mark} ${terminalText(text).replaceAll('\n', '\n  ')}\n`);
  };
  return {
    async step(work, describe) {
      const started = performance.now();
      const result = await work();
      write('✔', `${describe(result)} (${seconds(performance.now() - started)})`);
      return result;
    },
    done: (line) => write('✔', line),
    tell: (line) => write('…', line),
    warn: (line) => write('⚠', line),
    fail: (reason) => write('✘', inWords(reason), stderr),
  };
}

function inWords(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  // A full disk, a read-only folder: the system's message names the cause and the path.
  if ('code' in reason && (reason.code === 'ENOSPC' || reason.code === 'EDQUOT'))
    return `The disk is full: ${reason.message}`;
  if ('syscall' in reason && 'code' in reason) return `The system refuses: ${reason.message}`;
  return reason instanceof StartProblem ? reason.message : (reason.stack ?? reason.message);
}

/** Formats milliseconds for people: `0.9 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
