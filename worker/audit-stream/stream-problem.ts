import type { StreamProblem } from '../../domain/audit-stream.ts';

/** The receiver did not accept a batch. `status`: its answer, where it gave one. */
export class StreamRefused extends Error {
  override readonly name = 'StreamRefused';
  readonly problem: StreamProblem;
  readonly status: number | undefined;

  constructor(problem: StreamProblem, status?: number) {
    super(`The receiver of the audit trail did not accept entries: ${problem}`);
    this.problem = problem;
    this.status = status;
  }
}

const byStatus: Readonly<Record<number, StreamProblem>> = {
  401: 'refuses-us',
  403: 'refuses-us',
  407: 'refuses-us',
};

/** What an error of the exporter means: one with a status, that of a socket, or one without any code. */
export function streamRefusal(error: Error | undefined): StreamRefused {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code === 'number') return new StreamRefused(byStatus[code] ?? 'refuses-entries', code);
  // 429, 502, 503 and 504 leave no code behind after the exporter's own repetitions.
  if (typeof code !== 'string') {
    return new StreamRefused(error?.message === 'Request timed out' ? 'timed-out' : 'busy');
  }
  // The other side read our certificate, or misses it.
  if (/^ERR_SSL_.*ALERT/.test(code)) return new StreamRefused('refuses-us');
  if (/CERT|UNABLE_TO_|^ERR_(SSL|TLS)/.test(code)) return new StreamRefused('untrusted');
  return new StreamRefused('unreachable');
}
