import type { FastifyInstance } from 'fastify';
import { aadsts, isAadstsCode } from './aadsts.ts';
import { html } from './pages/html.ts';
import { sendPage } from './pages/send-page.ts';

/** `GET /error?code=50011`: the target of a token error's `error_uri`. */
export function registerExplainError(app: FastifyInstance): void {
  app.get<{ Querystring: { code?: string } }>('/error', (request, reply) => {
    const code = Number(request.query.code);
    if (!isAadstsCode(code)) {
      const content = html`<h1>Unknown code</h1><p>This simulator never answers with the code you gave.</p>`;
      return sendPage(reply, { title: 'Unknown code', status: 404, content });
    }
    const { error, sentence, suberror } = aadsts(code);
    return sendPage(reply, {
      title: `AADSTS${code}`,
      content: html`<h1>AADSTS${code}</h1>
<p>${sentence.replace(/\{(\w+)\}/g, '…')}</p>
<p>Usually sent as <code>${error}</code>${suberror !== undefined && html`, <code>${suberror}</code>`}.
<small>A client must go by these, not by the number: Microsoft may change it.</small></p>`,
    });
  });
}
