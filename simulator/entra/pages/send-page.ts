import type { FastifyReply } from 'fastify';
import { type Html, html } from './html.ts';

export interface Page {
  readonly title: string;
  readonly content: Html;
  readonly status?: number;
  readonly wide?: boolean;
  /** An origin that a form of the page may finally redirect to: browsers apply form-action to redirects as well. */
  readonly leadsTo?: string | undefined;
}

export const STYLESHEET_PATH = '/entra/entra.css';

/** Sends a page with a policy that allows only the stylesheet and forms. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  const formAction = ["'self'", page.leadsTo && sourceOf(page.leadsTo)].filter(Boolean).join(' ');
  return reply
    .code(page.status ?? 200)
    .type('text/html; charset=utf-8')
    .headers({
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'self'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
    })
    .send(layout(page).text);
}

/** The source expression of a redirect URI in a content security policy: its origin, or an app's custom scheme. */
export function sourceOf(uri: string): string {
  const { protocol, origin } = new URL(uri);
  return origin === 'null' ? protocol : origin;
}

function layout({ title, content, wide = false }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${STYLESHEET_PATH}">
</head>
<body>
<main${wide && html` class="wide"`}>
<p class="brand">Simulated Microsoft Entra</p>
${content}
</main>
<footer>This is a simulator: no account here is real. Any password is accepted, except <code>wrong</code>.</footer>
</body>
</html>
`;
}
