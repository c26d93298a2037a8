import type { QueryClient, QueryKey } from '@tanstack/react-query';

/**
 * Reads again what a command may have changed; done is it once that is read. A failed one is told at once: what kept its
 * answer may keep these, too.
 */
export function readAgain(
  queryClient: QueryClient,
  error: Error | null,
  ...queryKeys: readonly QueryKey[]
): Promise<unknown> | undefined {
  const reading = Promise.all(queryKeys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  return error === null ? reading : undefined;
}
