import Table from 'cli-table3';
import { terminalLine } from '../../domain/words/terminal-text.ts';
import type { Reaction, WorkedDay } from './work-day.ts';

/** A worked day as tables: how long each key took to be answered, each mail, and the sum, also as the guide has it. */
export function dayTable({ mails, reactions, totalMs }: WorkedDay): string {
  const keys = new Table({ head: ['The page answers', 'times', 'median ms', 'longest ms'], style: { head: [] } });
  for (const [to, all] of Map.groupBy(reactions, ({ to }: Reaction) => to)) {
    const sorted = all.map(({ ms }) => ms).sort((one, other) => one - other);
    keys.push([to, all.length, rounded(sorted[Math.floor(sorted.length / 2)]), rounded(sorted.at(-1))]);
  }
  const worked = new Table({ head: ['Mail', 'How', 'Keys', 'ms'], colWidths: [54, 11, 6, 8], style: { head: [] } });
  for (const { subject, how, keys: pressed, ms } of mails)
    worked.push([terminalLine(subject), how, pressed, rounded(ms)]);
  const pressed = mails.reduce((sum, mail) => sum + mail.keys, 0);
  const sorted = mails.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (share: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  const forGuide = [
    '| mails | a mail, median | a mail, p90 | a mail, most | from sign-in to the last answer |',
    '|---|---|---|---|---|',
    `| ${mails.length} | ${at(0.5)} | ${at(0.9)} | ${at(1)} | ${seconds(totalMs)} |`,
  ].join('\n');
  const summary = `${mails.length} mails with ${pressed} keys beside the text, in ${(totalMs / 1_000).toFixed(1)} seconds from the sign-in on`;
  return `${worked.toString()}\n\n${keys.toString()}\n\n${summary}\n\nFor docs/agents.md:\n\n${forGuide}`;
}

const seconds = (ms = 0) => `${(ms / 1_000).toFixed(1)} s`;
const rounded = (ms: number | undefined) => (ms === undefined ? '' : Math.round(ms));
