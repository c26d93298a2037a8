/** Where the page behind *Connect* leads: Microsoft's sign-in. Throws when it leads nowhere. */
export function microsoftUrlOf(page: string): string {
  const [, url] = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(page) ?? [];
  if (url === undefined) throw new Error(`The page leads nowhere: ${page.replace(/<[^>]+>/g, ' ')}`);
  return url.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** A browser in which *Connect* was pressed. */
export interface ConnectingBrowser {
  readonly microsoftUrl: string;
  readonly cookie: string;
}

/** Presses *Connect* on the page of a sign-in link; the page that refuses instead is answered as it is. */
export async function pressConnect(link: string, signal?: AbortSignal): Promise<ConnectingBrowser | Response> {
  const origin = new URL(link).origin;
  const page = await fetch(link, { method: 'POST', headers: { origin }, signal: signal ?? null });
  if (!page.ok) return page;
  const cookie = page.headers.getSetCookie().map((set) => set.split(';', 1)[0]);
  return { microsoftUrl: microsoftUrlOf(await page.text()), cookie: cookie.join('; ') };
}

/**
 * Plays the browser of a mailbox's owner, where the provider answers without a person: presses *Connect* and follows
 * the redirects; the page at the end.
 */
export async function followSignInLink(link: string, signal?: AbortSignal): Promise<Response> {
  const pressed = await pressConnect(link, signal);
  if (pressed instanceof Response) return pressed;
  const { origin } = new URL(link);
  let url = pressed.microsoftUrl;
  for (let redirects = 0; redirects < 10; redirects++) {
    const headers: Record<string, string> = new URL(url).origin === origin ? { cookie: pressed.cookie } : {};
    const page = await fetch(url, { redirect: 'manual', headers, signal: signal ?? null });
    const location = page.headers.get('location');
    if (location === null) return page;
    await page.arrayBuffer();
    url = new URL(location, url).href;
  }
  throw new Error('The sign-in redirects for ever');
}
