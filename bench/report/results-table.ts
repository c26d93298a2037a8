import Table from 'cli-table3';
import { type Figure, meets } from '../figure.ts';
import type { Results } from '../run-cases.ts';

/** The results as a table for people. */
export function resultsTable(results: Results): string {
  const table = new Table({
    head: ['Case', 'What', 'Value', '', 'Goal'],
    colAligns: ['left', 'left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, figures] of results) {
    for (const [index, figure] of figures.entries()) {
      table.push([index === 0 ? name : '', figure.what, shown(figure.value), figure.unit, goalOf(figure)]);
    }
  }
  return table.toString();
}

/** Three significant digits. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toLocaleString('en', { minimumFractionDigits: Math.min(digits, 2), maximumFractionDigits: digits });
}

function goalOf(figure: Figure): string {
  const { goal } = figure;
  if (goal === undefined) return '';
  const words = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return `${words} ${meets(figure) ? '✔' : '✘'}`;
}
