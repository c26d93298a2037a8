/** An e-mail address that wraps, if it must, before its @. */
export function Address({ children }: { readonly children: string }) {
  const at = children.lastIndexOf('@');
  if (at < 0) return children;
  return (
    <>
      {children.slice(0, at)}
      <wbr />
      {children.slice(at)}
    </>
  );
}
