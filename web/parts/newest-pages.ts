/**
 * Pages of a list that is read from its newest row on, so many rows `shown` with each. One more is requested, which
 * tells whether there are older ones.
 */
export function newestPages(shown: number) {
  return {
    limit: shown + 1,
    /** The row before which the next page begins; undefined: there is none. */
    nextPageParam: (page: readonly { readonly id: number }[]) =>
      page.length > shown ? page[shown - 1]?.id : undefined,
    rowsOf: <Row>(pages: readonly (readonly Row[])[] | undefined) => pages?.flatMap((page) => page.slice(0, shown)),
  };
}
