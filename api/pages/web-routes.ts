import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import Negotiator from 'negotiator';
import { z } from 'zod';
import { mayDo } from '../../domain/security-profile.ts';
import type { Authentication } from '../access/authentication.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import { MAIL_FRAME, MAIL_FRAME_POLICY } from './mail-frame.ts';
import { readWebBuild } from './web-build.ts';

/** Addresses that people open: those of `web/shell/router.tsx`. Other unknown addresses are answered with a 404. */
const pagePaths = [
  '/',
  '/config',
  '/config/*',
  '/queues',
  '/queues/*',
  '/items/*',
  '/mine',
  '/search',
  '/board',
  '/sessions',
  '/admin',
  '/admin/*',
  '/sign-out',
];

/** A year: the name of a built file changes with its content. */
const BUILT_FILE_MAX_AGE = 'public, max-age=31536000, immutable';

const documentHeaders = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
];

/** The folder of the built pages (`npm run build`); undefined before the first build, when the plain page is served. */
export function findWebPages(): string | undefined {
  const folder = fileURLToPath(new URL('../../dist/web', import.meta.url));
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}

/**
 * Serves the built pages. Their policy allows only our own scripts; the style elements that Mantine creates, and inline
 * elements of the document, carry the answer's nonce. Mail is shown in a frame whose document has its own policy: no
 * scripts at all.
 */
export function webPageRoutes(
  { webPages, config }: ApiDependencies,
  authentication: Authentication,
): FastifyPluginAsyncZod {
  return async (app) => {
    if (webPages === undefined) return;
    const { uiUrl, namespace } = config.temporal;
    const { document, preloadsFor } = readWebBuild(webPages);
    const index = document
      .replace('CAN_SIGN_IN', String(config.oidc !== undefined))
      .replace('WORKFLOWS_URL', `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`);
    await app.register(fastifyStatic, { root: webPages, serve: false, cacheControl: false, preCompressed: true });

    for (const path of pagePaths) {
      app.get(
        path,
        { config: { permission: 'public', isPage: true }, schema: { hide: true } },
        async (request, reply) => {
          const nonce = randomBytes(16).toString('base64');
          const who = await authentication.authenticateBySession(request);
          const isSignedIn = who !== undefined;
          const maySeeAccounts = isSignedIn && mayDo(who.profile, 'accounts.read');
          // Keeps the handle of the tab that Microsoft's sign-in was opened in, to notice that it was closed.
          reply.header('cross-origin-opener-policy', 'same-origin-allow-popups');
          const page = index
            .replaceAll('CSP_NONCE', nonce)
            .replaceAll('IS_SIGNED_IN', String(isSignedIn))
            .replace('MAY_SEE_ACCOUNTS', String(maySeeAccounts))
            .replace('</head>', `${isSignedIn ? preloadsFor(request.url.replace(/[?#].*/s, '')) : ''}</head>`);
          return sendDocument(reply.header('vary', 'accept-encoding'), pagePolicy(nonce), packed(request, reply, page));
        },
      );
    }

    app.get(
      '/assets/:file',
      {
        config: { permission: 'public', problems: ['not-found'] },
        schema: { hide: true, params: z.object({ file: z.string().regex(/^[\w-]+(\.[\w-]+)+$/) }) },
      },
      async (request, reply) => {
        const file = join('assets', request.params.file);
        if (!existsSync(join(webPages, file))) {
          throw new Problem('file-outdated', 'This file is not part of the pages any more. Reload the page.');
        }
        // They apply to documents only, and are as large as many of these files.
        for (const name of documentHeaders) reply.removeHeader(name);
        return reply.header('cache-control', BUILT_FILE_MAX_AGE).sendFile(file);
      },
    );

    app.get('/icon.svg', { config: { permission: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=3600').sendFile('icon.svg'),
    );

    app.get(
      '/mail-frame',
      {
        config: { permission: 'public', isPage: true },
        schema: { hide: true },
      },
      async (_request, reply) => {
        reply.headers({ 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'no-referrer' });
        return sendDocument(reply, MAIL_FRAME_POLICY, MAIL_FRAME);
      },
    );
  };
}

/** A fast level for a document that differs in every answer. */
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The document in an encoding that the browser accepts. */
function packed(request: FastifyRequest, reply: FastifyReply, document: string): string | Buffer {
  switch (new Negotiator(request.raw).encoding(['br', 'gzip', 'identity'])) {
    case 'br':
      reply.header('content-encoding', 'br');
      return brotliCompressSync(document, quick);
    case 'gzip':
      reply.header('content-encoding', 'gzip');
      return gzipSync(document);
    default:
      return document;
  }
}

function sendDocument(reply: FastifyReply, policy: string, document: string | Buffer): FastifyReply {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(document);
}

function pagePolicy(nonce: string): string {
  return (
    `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
    "connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; " +
    "frame-ancestors 'none'"
  );
}
