import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Re-reads what a command may have changed, and resolves after that. A failed command rejects at once: whatever kept
 * its answer may keep these, too.
 */
export function readAgain(
  queryClient: QueryClient,
  error: Error | null,
  ...queryKeys: readonly QueryKey[]
): Promise<unknown> | undefined {
  const reading = Promise.all(queryKeys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  return error === null ? reading : undefined;
}
