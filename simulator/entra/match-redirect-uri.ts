/** `http://localhost:1234/x` → `http://localhost/x`: Entra ignores the port of loopback redirect URIs. */
function withoutLoopbackPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+(?=[/?]|$)/, '$1');
}

/**
 * Whether a redirect URI is registered: an exact match, except for the port on loopback. Source: "Redirect URI (reply
 * URL) restrictions and limitations", section on localhost exceptions.
 */
export function matchesRedirectUri(registered: readonly string[], uri: string): boolean {
  if (!URL.canParse(uri) || uri.includes('#')) return false;
  return registered.some((known) => known === uri || withoutLoopbackPort(known) === withoutLoopbackPort(uri));
}
