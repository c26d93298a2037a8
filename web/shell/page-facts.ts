/** Facts that the server wrote into the page. */
export const pageFacts = {
  /** Allows Mantine's style elements. */
  nonce: meta('csp-nonce'),
  /** False while no identity provider is configured. */
  canSignIn: meta('can-sign-in') !== 'false',
  /** False when the browser had no session when the page was sent; saves a request that would be refused. */
  wasSignedIn: meta('is-signed-in') !== 'false',
  /** Prefix of Temporal's page of a workflow; the id follows. */
  workflowsUrl: meta('workflows-url'),
} as const;

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}
