/**
 * The path of ours to which a person returns after signing in; `/` for everything that leads elsewhere. What browsers
 * understand decides: `//host`, `/\host` and tabs in between all lead to another host.
 */
export function safeReturnPath(wanted: string | undefined, publicUrl: string): string {
  if (wanted === undefined || !/^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(wanted)) return '/';
  const url = URL.parse(wanted, publicUrl);
  if (url?.origin !== publicUrl || url.pathname.startsWith('/auth/')) return '/';
  return `${url.pathname}${url.search}`;
}
