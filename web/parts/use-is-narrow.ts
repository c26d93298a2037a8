import { useMediaQuery } from '@mantine/hooks';

/** True where only few columns of a table have room: a telephone, or a browser beside another window. */
export function useIsNarrow(): boolean {
  return useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
}
