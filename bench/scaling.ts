import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { median } from './measure/percentiles.ts';
import { BASELINE_FILE, type ResultsFile, readResults } from './report/results-file.ts';
import { shown } from './report/results-table.ts';

/**
 * Computes the tables of docs/scaling.md from measured costs: `node bench/scaling.ts [RESULTS.json]`, by default from
 * the committed baseline.
 */

/** Target load of a core, averaged over the busiest hour; the rest is for bursts, vacuum and a lost machine. */
const BUSY_SHARE = 0.6;
const SECONDS_OF_A_WORKING_DAY = 8 * 3_600;
/** The busiest hour has this much more mail than the average hour of a working day. */
const PEAK = 3;

interface Costs {
  /** CPU milliseconds of a mail, by part. */
  readonly mailMs: Readonly<Record<Part, number>>;
  /** CPU milliseconds a second of 1,000 quiet mailboxes, by delivery and part. */
  readonly quietMs: Readonly<Record<'notified' | 'polled', Readonly<Record<Part, number>>>>;
  readonly kilobytesOfMail: number;
}

const parts = ['api', 'worker', 'temporal', 'postgres'] as const;
type Part = (typeof parts)[number];

const { positionals } = parseArgs({ allowPositionals: true });
const file = readResults(positionals[0] ?? BASELINE_FILE);
const costs = costsOf(file);
console.log(inputsTable(costs));
console.log(machinesTable(costs));
console.log(clusterTable(costs));

function costsOf(results: ResultsFile): Costs {
  const figure = (name: string, what: string): number => {
    const found = results.cases[name]?.find((each) => each.what === what);
    if (found?.value == null) throw new Error(`The results have no figure "${what}" of the case ${name}`);
    return found.value;
  };
  const ofParts = (value: (part: Part) => number) =>
    Object.fromEntries(parts.map((part) => [part, value(part)])) as Record<Part, number>;
  /** Converts seconds a minute of this many mailboxes to milliseconds a second of 1,000. */
  const quiet = (name: string, mailboxes: number) =>
    ofParts((part) => (figure('idle', `${name}, CPU of ${part}`) * 1_000 * 1_000) / 60 / mailboxes);
  return {
    // Negative: a part that mail does not touch was busier before the mail than during it. Single figures differ by some ms.
    mailMs: ofParts((part) =>
      Math.max(0, median([100, 1_000, 10_000].map((n) => figure('growth', `${n} connected, CPU of ${part}`)))),
    ),
    quietMs: { notified: quiet('10000 notified', 10_000), polled: quiet('1000 polled', 1_000) },
    kilobytesOfMail: figure('capture', "10 mailboxes, PostgreSQL's size"),
  };
}

function inputsTable({ mailMs, quietMs, kilobytesOfMail }: Costs): string {
  const table = tableOf(['Measured', ...parts, 'together']);
  const row = (what: string, of: Readonly<Record<Part, number>>) =>
    table.push([what, ...parts.map((part) => shown(of[part])), shown(sum(of))]);
  row('CPU ms of a mail', mailMs);
  row('CPU ms/s of 1,000 quiet mailboxes, notified', quietMs.notified);
  row('CPU ms/s of 1,000 quiet mailboxes, polled', quietMs.polled);
  table.push(['kB of a mail in PostgreSQL, with indexes', '', '', '', shown(kilobytesOfMail), '']);
  return table.toString();
}

/** Everything on one machine: mails a second at the target load, after the cost of the quiet mailboxes. */
function machinesTable({ mailMs, quietMs }: Costs): string {
  const sizes = [1_000, 10_000, 100_000];
  const table = tableOf([
    'One machine, mails/s',
    ...(['notified', 'polled'] as const).flatMap((how) =>
      sizes.map((mailboxes) => `${mailboxes.toLocaleString('en')} ${how}`),
    ),
  ]);
  for (const cores of [2, 8, 32]) {
    const row = (['notified', 'polled'] as const).flatMap((how) =>
      sizes.map((mailboxes) => {
        const msLeft = cores * 1_000 * BUSY_SHARE - (sum(quietMs[how]) * mailboxes) / 1_000;
        return msLeft > 0 ? shown(msLeft / sum(mailMs)) : 'too few cores';
      }),
    );
    table.push([`${cores} cores`, ...row]);
  }
  return table.toString();
}

/** 100,000 mailboxes: cores of each part at the busiest hour. */
function clusterTable({ mailMs, quietMs, kilobytesOfMail }: Costs): string {
  const mailboxes = 100_000;
  const table = tableOf(['100,000 mailboxes', ...parts.map((part) => `cores: ${part}`), 'GB a day']);
  for (const how of ['notified', 'polled'] as const) {
    for (const mailsOfADay of [10, 50, 200]) {
      const daily = mailboxes * mailsOfADay;
      const perSecond = (PEAK * daily) / SECONDS_OF_A_WORKING_DAY;
      const cores = (part: Part) =>
        (mailMs[part] * perSecond + (quietMs[how][part] * mailboxes) / 1_000) / 1_000 / BUSY_SHARE;
      table.push([
        `${how}, ${mailsOfADay} mails a day each`,
        ...parts.map((part) => shown(cores(part))),
        shown((kilobytesOfMail * daily) / 1e6),
      ]);
    }
  }
  return table.toString();
}

function tableOf(head: readonly string[]) {
  return new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
}

function sum(of: Readonly<Record<Part, number>>): number {
  return parts.reduce((total, part) => total + of[part], 0);
}
