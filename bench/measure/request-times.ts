import { sql } from 'kysely';
import type { Figure } from '../figure.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';
import { median, percentile } from './percentiles.ts';

export interface MeasuredRequest {
  readonly kind: string;
  /** Of the nth request. */
  pathOf(n: number): string;
  /** True: has no goal, because it is saved, not shown. */
  readonly isExport?: boolean;
}

export interface RequestRounds {
  /** One request of each kind in each. */
  readonly rounds: number;
  /** The goal for the medians. */
  readonly atMostMs: number;
  /** When this time is over, no further round begins. */
  readonly withinMs: number;
}

/**
 * Requests of each kind in turns, one at a time: median, p99, and the median as a multiple of how long PostgreSQL takes to
 * find one item by its key, which other machines can be compared by.
 */
export async function measureRequests(
  { db, apiUrl, apiKey }: BenchStack,
  requests: readonly MeasuredRequest[],
  { rounds, atMostMs, withinMs }: RequestRounds,
): Promise<readonly Figure[]> {
  const ask = async (path: string) => {
    const startedAt = performance.now();
    const response = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
    const body = await response.text();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${body}`);
    return performance.now() - startedAt;
  };
  const { rows: items } = await sql<{
    id: string;
  }>`select id from items tablesample system (1) limit ${rounds}`.execute(db);
  const lookUp = async (n: number) => {
    const startedAt = performance.now();
    await sql`select state from items where id = ${items[n % items.length]?.id}`.execute(db);
    return performance.now() - startedAt;
  };
  const lookUps: number[] = [];
  const timesOf = requests.map((request) => ({ ...request, taken: [] as number[] }));
  const endsAt = performance.now() + withinMs;
  for (const { pathOf } of timesOf) await ask(pathOf(rounds));
  for (let n = 0; n < rounds && (n === 0 || performance.now() < endsAt); n++) {
    for (const { pathOf, taken } of timesOf) {
      lookUps.push(await lookUp(n));
      taken.push(await ask(pathOf(n)));
    }
  }
  const lookUpMs = median(lookUps);
  return [
    { what: 'one item by its key, in PostgreSQL, median', value: lookUpMs, unit: 'ms' },
    ...timesOf.flatMap(({ kind, taken, isExport = false }) => [
      { what: `${kind}, median`, value: median(taken), unit: 'ms', ...(!isExport && { goal: { atMost: atMostMs } }) },
      { what: `${kind}, p99`, value: percentile(taken, 0.99), unit: 'ms' },
      { what: `${kind}, median to one item by its key`, value: median(taken) / lookUpMs, unit: '' },
    ]),
  ];
}
