import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { endRecordedProcesses } from './embedded/process-record.ts';
import { createProgress } from './embedded/progress.ts';
import { shownPath, stackFolder } from './embedded/stack-folder.ts';
import { findStackHolder, stopStackHolder } from './embedded/stack-lock.ts';

const { values: options } = parseArgs({
  options: { yes: { type: 'boolean', default: false }, data: { type: 'string' } },
});
const progress = createProgress();
const folder = stackFolder(options.data);

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
if (await stopStackHolder(folder.lock)) progress.done('Stopped the Mailroom that ran here');
const leftovers = await endRecordedProcesses(folder.processes);
if (leftovers.length > 0) progress.done(`Ended ${leftovers.join(', ')}`);
rmSync(folder.path, { recursive: true, force: true });
progress.done(`Wiped ${shownPath(folder.path)}. \`npm start\` begins with no data.`);

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `This wipes all accounts, mail and workflows in ${shownPath(folder.path)}. Go on? [y/N] `;
  const answer = await terminal.question(question);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
