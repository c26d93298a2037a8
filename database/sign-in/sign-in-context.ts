/** What the secrets of a sign-in are bound to. */
export function signInContext(column: 'code' | 'code_verifier' | 'nonce', signInId: string): string {
  return `sign_ins.${column}|${signInId}`;
}
