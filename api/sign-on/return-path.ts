/**
 * The local path to which a person returns after signing in; `/` for anything that leads elsewhere. The result is
 * checked, not only the input: resolving `/..//host` or `/.//host` leaves `//host`, another host to a browser.
 */
export function safeReturnPath(wanted: string | undefined, publicUrl: string): string {
  if (!wanted?.startsWith('/')) return '/';
  const url = URL.parse(wanted, publicUrl);
  if (url?.origin !== publicUrl) return '/';
  const path = `${url.pathname}${url.search}`;
  if (URL.parse(path, publicUrl)?.href !== `${publicUrl}${path}`) return '/';
  return isSignOnPath(url.pathname) ? '/' : path;
}

/** Whether the router sees one of our sign-in routes there; it decodes percent-encoding. */
function isSignOnPath(pathname: string): boolean {
  try {
    return /^\/+auth(\/|$)/i.test(decodeURIComponent(pathname));
  } catch {
    return true;
  }
}
