import { useMediaQuery } from '@mantine/hooks';

/**
 * True where a table has space for few columns only: a telephone, or a narrow window. `belowEm`: for a table of more
 * columns, the width of the window that all of them need.
 */
export function useIsNarrow(belowEm = 48): boolean {
  return useMediaQuery(`(max-width: ${belowEm - 0.01}em)`, false, { getInitialValueInEffect: false });
}
