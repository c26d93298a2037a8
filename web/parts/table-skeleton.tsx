import { Skeleton, Stack } from '@mantine/core';
import { useWords } from '../shell/languages.tsx';

/** As tall as the table will be, so that nothing jumps. */
export function TableSkeleton({ rows = 8 }: { readonly rows?: number }) {
  const { common } = useWords();
  return (
    <Stack gap={14} p="md" role="status" aria-label={common.loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty rows have no other key.
        <Skeleton key={row} height={22} radius="sm" />
      ))}
    </Stack>
  );
}
