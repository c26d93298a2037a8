/**
 * A name for one request, by which it is repeated after a lost answer: it is carried out once, and answered as it was the first
 * time. Browsers make ids for pages that they trust; another one goes without.
 */
export function nameRequest(): { readonly requestId?: string } {
  const requestId = crypto.randomUUID?.();
  return requestId === undefined ? {} : { requestId };
}
