/** One problem in the environment. Holds no value of a secret variable. */
export interface VariableProblem {
  readonly variable: string;
  readonly problem: string;
  readonly example: string;
}

/** An unusable environment. Lists all its problems at once; the message may be printed as is. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  readonly problems: readonly VariableProblem[];

  constructor(problems: readonly VariableProblem[]) {
    const lines = problems.map(({ variable, problem, example }) => `  ${variable} ${problem}. Example: ${example}`);
    super([`The configuration has ${count(problems.length)}:`, ...lines].join('\n'));
    this.problems = problems;
  }
}

function count(problems: number): string {
  return problems === 1 ? 'one problem' : `${problems} problems`;
}
