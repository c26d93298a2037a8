/** Stands for Mantine's `Table.ScrollContainer` (vite.config.ts): TableScroll takes its place in the pages. */
export const TableScrollContainer = undefined;
