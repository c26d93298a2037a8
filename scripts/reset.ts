import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { terminalLine } from '../domain/words/terminal-text.ts';
import { endRecordedProcesses } from './embedded/process-record.ts';
import { createProgress } from './embedded/progress.ts';
import { readArguments } from './embedded/script-arguments.ts';
import { isStackFolder, shownPath, stackFolder } from './embedded/stack-folder.ts';
import { findStackHolder, stopStackHolder } from './embedded/stack-lock.ts';

const USAGE = `Usage: npm run reset -- [options]

Wipes all accounts, mail and workflows of the Mailroom that \`npm start\` keeps on this machine, after a question.

  --yes           without the question; stops the Mailroom that runs there
  --data FOLDER   where it is kept; .mailroom in this clone when not given
`;

const { values: options } = readArguments(USAGE, {
  options: { yes: { type: 'boolean', default: false }, data: { type: 'string' } },
});
const progress = createProgress();
const folder = stackFolder(options.data);

if (!isStackFolder(folder)) {
  progress.fail(`Nothing was wiped: ${shownPath(folder.path)} holds other things than the data of Mailroom.`);
  process.exit(1);
}
if (!options.yes) {
  const holder = findStackHolder(folder.lock);
  const refusal = process.stdin.isTTY
    ? !(await isConfirmed()) && 'Nothing was wiped'
    : holder && `Nothing was wiped: Mailroom runs here (${holder.url}). To stop it and wipe: npm run reset -- --yes`;
  if (refusal) {
    progress.fail(refusal);
    process.exit(1);
  }
}
try {
  if (await stopStackHolder(folder.lock)) progress.done('Stopped the Mailroom that ran here');
  const leftovers = await endRecordedProcesses(folder.processes);
  if (leftovers.length > 0) progress.done(`Ended ${leftovers.join(', ')}`);
  rmSync(folder.path, { recursive: true, force: true });
  progress.done(`Wiped ${shownPath(folder.path)}. \`npm start\` begins with no data.`);
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `This wipes all accounts, mail and workflows in ${shownPath(folder.path)}. Go on? [y/N] `;
  // Ctrl-C and Ctrl-D abort the question; a terminal that goes away only closes it.
  const asked = terminal.question(terminalLine(question)).catch(() => '');
  const answer = await Promise.race([asked, once(terminal, 'close').then(() => '')]);
  console.log();
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
