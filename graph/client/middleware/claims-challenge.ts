/**
 * The claims that a 401 of Graph requires, as JSON text for the token request; undefined when it requires none
 * (learn.microsoft.com/entra/identity-platform/claims-challenge, "claims challenge header format"). The header carries
 * base64, and is only sent to clients that declared the capability CP1.
 */
export function parseClaimsChallenge(wwwAuthenticate: string | null): string | undefined {
  const encoded = wwwAuthenticate?.match(/\bclaims="([A-Za-z0-9+/_=-]{1,8000})"/)?.[1];
  if (encoded === undefined) return undefined;
  const claims = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    const parsed: unknown = JSON.parse(claims);
    return typeof parsed === 'object' && parsed !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
