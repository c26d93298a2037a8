import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply } from 'fastify';

const FILES = { 'page.css': 'text/css', 'page.js': 'text/javascript' } as const;

/** The page calls the control API of its own origin, and loads nothing from other sites. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /`: a page for browsers to deliver mail and switch on faults; for other clients, the curl commands for that. */
export function registerStartPage(app: FastifyInstance): void {
  app.get('/', (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    if (!wantsPage) return reply.type('text/plain; charset=utf-8').send(usage(`${request.protocol}://${request.host}`));
    return send(reply, 'page.html', 'text/html');
  });
  for (const [file, type] of Object.entries(FILES)) {
    app.get(`/start-page/${file}`, (_, reply) => send(reply, file, type));
  }
  app.get('/healthz', () => ({ status: 'ok' }));
}

function send(reply: FastifyReply, file: string, type: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .headers({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' })
    .send(readFileSync(new URL(file, import.meta.url)));
}

function usage(origin: string): string {
  return `A simulated Microsoft 365: Entra and Microsoft Graph.

Sign-in   /{tenant}/oauth2/v2.0/authorize and /token, /{tenant}/v2.0/.well-known/openid-configuration
Apps      /myapps
Graph     /v1.0/me, /v1.0/users/{id}, mailFolders, messages, delta, attachments, $batch

Control (JSON, no sign-in, this machine only)
  POST   /control/mailboxes                              {"address", "displayName"?}
  POST   /control/mailboxes/{address}/messages           raw mail as message/rfc822, or {"subject", "text", "from"}
  GET    /control/mailboxes/{address}/messages           what is there; PATCH and DELETE .../{id}, POST .../{id}/move
  POST   /control/mailboxes/{address}/messages/bulk      {"count", "template"}
  POST   /control/mailboxes/{address}/lose-sync-state    delta answers 410
  POST   /control/mailboxes/bulk, /control/messages/bulk {"mailboxes": {"count", "pattern": "box{n}@…"}, ...}
  PUT    /control/mailboxes/{address}/delegates/{user}   a shared mailbox
  PUT    /control/apps/{clientId}/exchange-roles         {"roles": [{"role", "mailboxes"?}], "afterSeconds"?}
  GET    /control/mails, /control/subscriptions          real mails to deliver; who is notified
  POST   /control/faults                                 {"kind", "mailbox"?, "count"?}; GET and DELETE, too
  GET    /control/stats, /control/limits
  PUT    /control/sign-in                                {"mode": "auto", "as": "address"} or {"mode": "interactive"}

  curl -X POST ${origin}/control/mailboxes/sales@contoso.example/messages \\
    -H 'content-type: application/json' -d '{"subject": "Hello", "from": "Ann <ann@example.com>"}'
`;
}
