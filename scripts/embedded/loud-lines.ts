/** Minimum time between lines of one process on the screen; its log has every line. */
const QUIET_MS = 10_000;

/** PostgreSQL, Go programs (logfmt) and Node programs that write text. */
const errorPatterns = [/\b(FATAL|PANIC):/, /\blevel=(ERROR|FATAL)\b/i, /^(\w*Error|Uncaught)\b/];

/** Pino's level of errors; our JSON lines have it as a number. */
const PINO_ERROR = 50;

/** Passes on the errors in a process' output, at most one in ten seconds, with the number of suppressed ones. */
export function loudLines(tell: (line: string) => void): (line: string) => void {
  let quietUntil = 0;
  let leftOut = 0;
  return (line) => {
    const error = errorIn(line);
    if (error === undefined) return;
    if (performance.now() < quietUntil) {
      leftOut += 1;
      return;
    }
    tell(leftOut === 0 ? error : `${error} (and ${leftOut} before)`);
    quietUntil = performance.now() + QUIET_MS;
    leftOut = 0;
  };
}

function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return errorPatterns.some((pattern) => pattern.test(line)) ? line : undefined;
  try {
    const { level, msg } = JSON.parse(line) as { level?: unknown; msg?: unknown };
    return typeof level === 'number' && level >= PINO_ERROR ? String(msg ?? 'an error without words') : undefined;
  } catch {
    return undefined;
  }
}
