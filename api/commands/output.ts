import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommandProblem, exitCodes } from './command-problem.ts';

let failure: NodeJS.ErrnoException | undefined;
let isWatched = false;

/**
 * Notes what keeps stdout from taking more. Without it `console.log` passes over a full disk, and other writes end the
 * process with a stack where a reader ends first, as `head` does.
 */
export function watchOutput(): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on('error', (error) => {
    failure ??= error;
  });
  // Nothing is left to which that could be said.
  process.stderr.on('error', () => {});
}

/** Writes at the pace of the reader. False: nothing more is taken. */
export async function writeOutput(text: string): Promise<boolean> {
  if (failure) return false;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain').catch(() => {});
  return failure === undefined;
}

/** Throws a CommandProblem if the output could not be written. A reader that has ended has what it wanted. */
export async function finishOutput(): Promise<void> {
  // The error of the last write comes with the next turn of the event loop.
  await nextTurn();
  if (failure === undefined || failure.code === 'EPIPE') return;
  throw new CommandProblem(
    `The output could not be written (${failure.code ?? failure.message}). What was asked for may have been carried out.`,
    exitCodes.unclear,
  );
}
