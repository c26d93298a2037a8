import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import type { Results } from '../run-cases.ts';

const ResultsFile = z.object({
  at: z.string(),
  machine: z.object({ cores: z.number(), processor: z.string(), memoryBytes: z.number(), node: z.string() }),
  /** 1: every case at full size. */
  scale: z.number(),
  seconds: z.number(),
  cases: z.record(
    z.string(),
    z.array(
      z.object({ what: z.string(), value: z.number().nullable(), unit: z.string(), goal: z.unknown().optional() }),
    ),
  ),
});
export type ResultsFile = z.output<typeof ResultsFile>;

/** Results of this machine stay local; those of a release are committed with the documents computed from them. */
export const BASELINE_FILE = join(projectFolder, 'docs/benchmark-baseline.json');
const RESULTS_FOLDER = join(projectFolder, 'bench/results');

/** Writes the results with their origin; returns the path. */
export function writeResults(results: Results, { scale, seconds }: { scale: number; seconds: number }): string {
  const at = new Date().toISOString();
  const file: ResultsFile = {
    at,
    machine: {
      cores: availableParallelism(),
      processor: cpus()[0]?.model ?? '',
      memoryBytes: totalmem(),
      node: process.version,
    },
    scale,
    seconds: Math.round(seconds),
    cases: Object.fromEntries([...results].map(([name, figures]) => [name, [...figures]])),
  };
  const path = join(RESULTS_FOLDER, `${at.replaceAll(/[:.]/g, '-')}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  return path;
}

/** Throws a ZodError for a file of another form. */
export function readResults(path: string): ResultsFile {
  return ResultsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}
