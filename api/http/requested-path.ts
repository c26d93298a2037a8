/**
 * The path of a request target, as the router reads it. Clients send targets such as `//[` or a whole URL; parsed as
 * URLs, some of them name a host or are invalid.
 */
export function requestedPath(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  return path === '' ? '/' : path;
}
