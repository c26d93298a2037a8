/** Members that MSAL takes for texts. Of another type, its errors quote them, and the stored tokens beside them. */
const texts = ['refresh_token', 'id_token', 'client_info', 'scope', 'token_type'] as const;

/**
 * Whether a success of the token endpoint can be given to MSAL: with an access token that fits into a header, because
 * `fetch` quotes a header that it refuses.
 */
export function isTokenAnswer(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const answer = body as Readonly<Record<string, unknown>>;
  const { access_token: token } = answer;
  const isToken = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token);
  return isToken && texts.every((name) => answer[name] == null || typeof answer[name] === 'string');
}
