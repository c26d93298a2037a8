/**
 * A name for one request, by which it is repeated after a lost answer: the API carries it out once and repeats the
 * first answer. Browsers create ids only in secure contexts; other pages send none.
 */
export function nameRequest(): { readonly requestId?: string } {
  const requestId = crypto.randomUUID?.();
  return requestId === undefined ? {} : { requestId };
}
