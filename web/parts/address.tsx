/** An e-mail address that breaks before its @, where it has to break. */
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
