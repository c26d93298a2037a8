import { PAGE_GROWS_AFTER } from '../../domain/schedule.ts';

/** Page size of a walk's requests. */
export interface PageSize {
  current(): number;
  /** A page arrived that was requested with this size. True when the size has changed. */
  came(pageSize: number): boolean;
}

/** Pages that fail shrink, and grow back to the usual size after some that succeeded. */
export function createPageSize(usual: number, remembered: number | null): PageSize {
  let size = Math.min(remembered ?? usual, usual);
  let cameInARow = 0;
  return {
    current: () => size,
    came(pageSize) {
      if (pageSize < size) {
        size = pageSize;
        cameInARow = 0;
        return true;
      }
      if (size === usual || ++cameInARow < PAGE_GROWS_AFTER) return false;
      size = Math.min(usual, size * 2);
      cameInARow = 0;
      return true;
    },
  };
}
