import type { FastifyReply, FastifyRequest } from 'fastify';
import { breakable, type Html, html } from './html.ts';
import { pageWords } from './page-words.ts';
import type { PageWords } from './words/en.ts';

export interface Page {
  readonly title: string;
  /** The result; undefined for a page without one. */
  readonly tone?: 'good' | 'bad' | undefined;
  /** Where the browser is redirected. */
  readonly leadsTo?: string | undefined;
  readonly body: Html;
}

/** The pages' only style sheet. */
export const STYLE_SHEET_PATH = '/pages/mailroom.css';

/** Sends a page in the reader's language: no script, one style sheet, not cacheable. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  write: (words: PageWords) => Page,
): FastifyReply {
  const words = pageWords(request);
  const { title, tone, leadsTo, body } = write(words);
  const document = html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${leadsTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${leadsTo}">`}
<title>${title} · Mailroom</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLE_SHEET_PATH}">
</head>
<body>
<main class="${tone ?? 'plain'}">
<p class="brand">Mailroom</p>
<h1>${breakable(title)}</h1>
${body}
</main>
</body>
</html>
`;
  return reply
    .code(status)
    .headers({ 'content-language': words.language, vary: 'accept-language' })
    .type('text/html; charset=utf-8')
    .send(document.html);
}

/** Paragraphs of plain text. */
export function paragraphs(sentences: readonly string[]): Html {
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>\n`)}`;
}
