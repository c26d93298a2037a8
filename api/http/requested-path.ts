/**
 * The path in the target of a request, as the router reads it. Targets are what clients send, such as `//[` or a whole
 * URL; read as URLs, some of them name a host or are no URL at all.
 */
export function requestedPath(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  return path === '' ? '/' : path;
}
