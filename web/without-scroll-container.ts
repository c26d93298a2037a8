/** Replaces Mantine's `Table.ScrollContainer` (vite.config.ts): the pages use TableScroll. */
export const TableScrollContainer = undefined;
