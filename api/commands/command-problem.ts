/** Why a command was not carried out: reported by its message only, without a stack. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What scripts can tell apart. Wrong arguments are refused as well. */
export const exitCodes = {
  done: 0,
  refused: 1,
  /** There was nothing to do: no item waits. */
  nothing: 3,
  /** No answer arrived, or it could not be printed: it may have been carried out. */
  unclear: 4,
} as const;
