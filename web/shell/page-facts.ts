/** What the server wrote into the page. */
export const pageFacts = {
  /** Allows the style elements that Mantine makes. */
  nonce: meta('csp-nonce'),
  /** False while no identity provider is configured. */
  canSignIn: meta('can-sign-in') !== 'false',
  /** False when the browser had no session as the page was sent; saves a request that would be refused. */
  wasSignedIn: meta('is-signed-in') !== 'false',
  /** Where Temporal shows workflows; the id follows. */
  workflowsUrl: meta('workflows-url'),
} as const;

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
}
