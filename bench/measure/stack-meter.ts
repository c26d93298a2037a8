import { sql } from 'kysely';
import { type BenchStack, type Part, parts } from '../stack/start-bench-stack.ts';
import { type ProcessUsage, readProcessUsage } from './process-usage.ts';

/** The resources that a stack used in an interval. */
export interface StackUse {
  readonly seconds: number;
  readonly cpuSeconds: Readonly<Record<Part, number>>;
  /** At the end of the interval. */
  readonly memoryBytes: Readonly<Record<Part, number>>;
  /** Requests to Entra and Graph; the benchmark's own requests to the control API are not counted. */
  readonly requests: number;
  readonly rowsWritten: number;
  readonly transactions: number;
}

interface Reading {
  readonly at: number;
  readonly usage: Readonly<Record<Part, ProcessUsage>>;
  readonly requests: number;
  readonly rowsWritten: number;
  readonly transactions: number;
}

/** Starts to measure a stack; the returned function gives the usage since then. Its processes must live until then. */
export async function measureStack(stack: BenchStack): Promise<() => Promise<StackUse>> {
  const before = await read(stack);
  return async () => {
    const after = await read(stack);
    const ofParts = (number: (part: Part) => number) =>
      Object.fromEntries(parts.map((part) => [part, number(part)])) as Record<Part, number>;
    return {
      seconds: (after.at - before.at) / 1_000,
      cpuSeconds: ofParts((part) => after.usage[part].cpuSeconds - before.usage[part].cpuSeconds),
      memoryBytes: ofParts((part) => after.usage[part].memoryBytes),
      requests: after.requests - before.requests,
      rowsWritten: after.rowsWritten - before.rowsWritten,
      transactions: after.transactions - before.transactions,
    };
  };
}

async function read(stack: BenchStack): Promise<Reading> {
  const usage = Object.fromEntries(
    parts.map((part) => {
      const each = stack.processesOf(part).map(({ pid }) => readProcessUsage(pid));
      const sum = (key: keyof ProcessUsage) => each.reduce((total, one) => total + one[key], 0);
      return [part, { cpuSeconds: sum('cpuSeconds'), memoryBytes: sum('memoryBytes') }];
    }),
  ) as Record<Part, ProcessUsage>;
  // What the benchmark itself has just written counts before: its session would report it seconds later.
  await sql`select pg_stat_force_next_flush()`.execute(stack.db);
  const { rows } = await sql<{ rowsWritten: number; transactions: number }>`
    select
      (select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint from pg_stat_user_tables) as rows_written,
      (select xact_commit from pg_stat_database where datname = current_database()) as transactions
  `.execute(stack.db);
  const counts = rows[0] as { rowsWritten: number; transactions: number };
  return { at: performance.now(), usage, requests: await stack.simulator.countRequests(), ...counts };
}
