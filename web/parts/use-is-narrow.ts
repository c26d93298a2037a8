import { useMediaQuery } from '@mantine/hooks';

/** True where a table has space for few columns only: a telephone, or a narrow window. */
export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
}
