import type { Checked } from '../check/check-evidence.ts';
import { type Finding, isKnown } from '../check/finding.ts';

/** The result of a run, as written to `verdict.json`. */
export interface ChaosVerdict extends Checked {
  readonly seed: number;
  readonly minutes: number;
  readonly isStrict: boolean;
  readonly passed: boolean;
  /** How a full disk was simulated: by a file system of its own, or by PostgreSQL. */
  readonly fullDisk: 'file system' | 'played by PostgreSQL';
  /** How often each process ended although no harm touched it, by its last line. */
  readonly collapses: Readonly<Record<string, number>>;
}

/** Findings fail a run; known problems fail only a strict one. */
export function isPassed(findings: readonly Finding[], isStrict: boolean): boolean {
  return findings.every((finding) => isKnown(finding) && !isStrict);
}

const SHOWN_FINDINGS = 20;

/** Formats the verdict for people. */
export function describeVerdict(verdict: ChaosVerdict): string {
  const { seed, counts, findings, recoveries, collapses, fullDisk, passed } = verdict;
  const [all] = recoveries;
  const known = findings.filter(isKnown);
  const broken = findings.filter((finding) => !isKnown(finding));
  const ended = Object.entries(collapses).map(([name, times]) => `${name} (${times})`);
  return [
    `Seed ${seed}: ${passed ? 'the promises held' : 'PROMISES WERE BROKEN'}.`,
    `${counts.mails} mails sent, ${counts.mustBeRouted} of them had to be routed, ${counts.mustNotBeRouted} must not be; ` +
      `${counts.routed} were routed.`,
    `${counts.operations} operations: ${counts.answered} answered, ${counts.refused} refused, ${counts.unknown} without ` +
      `a clear answer; ${counts.claims} items claimed, ${counts.completions} completed.`,
    `${counts.harms} harms, ${counts.kills} of them kills; a full disk: ${fullDisk}.`,
    `After a harm the next mail was in its queue within ${seconds(all?.next.p50Ms)} (median) and ` +
      `${seconds(all?.next.maxMs)} at most, all mail of its time within ${seconds(all?.all.p50Ms)} and ` +
      `${seconds(all?.all.maxMs)}.`,
    ...(ended.length > 0 ? ['Ended by themselves:', ...ended.map((line) => `  ${line}`)] : []),
    ...listing('Known', known),
    ...listing('Broken', broken),
  ].join('\n');
}

function listing(title: string, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  const counts = [...Map.groupBy(findings, ({ verdict }) => verdict)].map(([name, all]) => `${name}: ${all.length}`);
  const shown = findings.slice(0, SHOWN_FINDINGS).map(({ verdict, what }) => `  ${verdict}: ${what}`);
  return [`${title}: ${counts.join(', ')}`, ...shown];
}

function seconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}
