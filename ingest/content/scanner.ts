import type { Verdict } from '../../domain/content-limits.ts';

export interface Scan {
  readonly verdict: Verdict;
  /** What was found, or why it was not scanned. */
  readonly finding: string | null;
}

/** The scan of one file, piece by piece. Never throws: a scanner that is away gives `unscanned`. */
export interface ScanInProgress {
  add(piece: Uint8Array): Promise<void>;
  conclude(): Promise<Scan>;
  /** Ends it early. */
  abort(): void;
}

/** Looks for malware in files. */
export interface Scanner {
  begin(): ScanInProgress;
}
