import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ChainEnd, parseChainEnd } from '../../database/audit/anchors.ts';
import { type ChainProblem, verifyChain } from '../../database/audit/verify-chain.ts';
import type { Database } from '../../database/database.ts';
import { terminalText } from '../../domain/words/terminal-text.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { type AuditFormat, auditFormats, auditLines } from '../audit/entry-lines.ts';
import { recordReading } from '../audit/record-command.ts';
import { CommandProblem } from './command-problem.ts';
import { parseTime } from './item-commands.ts';
import { writeOutput } from './output.ts';
import { printNotice } from './print.ts';

type WithDatabase = <Args extends unknown[]>(
  work: (db: Database, ...args: Args) => Promise<void>,
) => (...args: Args) => Promise<void>;

interface ExportOptions {
  readonly format: AuditFormat;
  readonly from?: string;
  readonly before?: string;
}

/** Adds the commands for the audit trail: whether it is as it was written, and its export. */
export function addAuditCommands(
  program: Command,
  withDatabase: WithDatabase,
  findKeys: () => KeyRing | Promise<KeyRing>,
): void {
  const audit = program.command('audit').description('the audit trail');
  audit
    .command('verify')
    .description('compute the chain again, and print the first entry that is wrong')
    .addOption(
      new Option('--expect <end>', 'an end that was logged, <number>:<hash>, which must be in it').argParser(parseEnd),
    )
    .action(
      withDatabase(async (db: Database, { expect }: { readonly expect?: ChainEnd }) => {
        const { checked, end, waiting, problem } = await verifyChain(db, await findKeys(), expect);
        if (problem) throw new CommandProblem(problemWords(problem));
        console.log(`${end.number}:${end.hash.toString('hex')}`);
        printNotice(`${checked} entries are as they were written; ${waiting} wait for their seal.`);
      }),
    );
  audit
    .command('export')
    .description('print the entries, the oldest first')
    .addOption(new Option('--format <format>', 'of the lines').choices(auditFormats).default('jsonl'))
    .addOption(new Option('--from <time>', 'only from then on').argParser(parseTime))
    .addOption(new Option('--before <time>', 'only before then').argParser(parseTime))
    .action(
      withDatabase(async (db: Database, { format, from, before }: ExportOptions) => {
        await recordReading(db);
        const filter = { from: from ? new Date(from) : undefined, before: before ? new Date(before) : undefined };
        for await (const line of auditLines(db, filter, format)) {
          // A file gets the entries as they are.
          const shown = process.stdout.isTTY ? terminalText(line) : line;
          if (!(await writeOutput(shown))) break;
        }
      }),
    );
}

function parseEnd(text: string): ChainEnd {
  const end = parseChainEnd(text);
  if (!end) throw new InvalidArgumentError('It is not an end as it was logged: <number>:<64 hexadecimal digits>.');
  return end;
}

function problemWords({ fault, number, entryId }: ChainProblem): string {
  const entry = `Number ${number}${entryId === undefined ? '' : ` (entry ${entryId})`}`;
  return {
    changed: `${entry} was changed after it was sealed.`,
    missing: `${entry} is missing: it was deleted.`,
    reordered: `${entry} stands in the place of another entry.`,
    'seal-changed': `${entry}: its seal does not continue the chain, so it or the one before it was made again.`,
    'cut-off': `${entry} and what follows is missing: the end of the trail was cut off.`,
    'end-unproved': `${entry} is the last, but the encrypted end is missing, older, or under a key that is not configured.`,
    'start-unproved': 'The encrypted start is not readable: it was changed, or is under a key that is not configured.',
    'unexpected-end': `${entry} has another hash than expected: the trail was built again.`,
    unsealed: `${entry} has no seal for ten minutes: no worker runs, or the entry was kept from it.`,
  }[fault];
}
