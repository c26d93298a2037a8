/** A sentence of the API, which speaks English: marked so that it is read out as such. */
export function ServerWords({ children }: { readonly children: string }) {
  return <span lang="en">{children}</span>;
}
