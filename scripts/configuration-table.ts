import { type Variable, variables } from '../config/variables.ts';

/** The variables as a Markdown table, as in the README. A test keeps the two in step. */
export function configurationTable(): string {
  const rows = Object.entries<Variable<unknown>>(variables).map(([name, variable]) => {
    const value = variable.required ? '*required*' : variable.default === undefined ? '' : `\`${variable.default}\``;
    const meaning = variable.meaning.replaceAll('|', '\\|');
    return `| \`${name}\`${variable.secret ? ' (secret)' : ''} | ${value} | ${meaning} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) console.log(configurationTable());
