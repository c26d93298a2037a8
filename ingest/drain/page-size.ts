import { PAGE_GROWS_AFTER } from '../../domain/schedule.ts';

/** How many messages the pages of a walk are asked for with. */
export interface PageSize {
  current(): number;
  /** A page came that was asked for with so many. True when the size has changed. */
  came(pageSize: number): boolean;
}

/** Pages that do not come shrink, and grow again to the usual size when some have come. */
export function createPageSize(usual: number, remembered: number | undefined): PageSize {
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
