/**
 * Milliseconds of CPU that this thread spends on something: what others on the machine do meanwhile does not count, so
 * that a budget can fail a test only for what was done.
 */
export function cpuMilliseconds(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
