import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { tidyDocument } from './tidy-document.ts';

/**
 * Scripts and styles from here alone; the document is all that they load. The hash is that of the one style attribute
 * with which Swagger UI hides its drawings (`position: absolute; …`).
 */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; " +
  "style-src 'self' 'unsafe-hashes' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

const DOCS_PATH = '/docs';

/** Everybody may read the documentation. Its routes are not ours, so this declares it for them, before they exist. */
export function openDocs(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.url !== DOCS_PATH && !route.url.startsWith(`${DOCS_PATH}/`)) return;
    route.config = { ...route.config, permission: 'public' };
  });
}

/** `GET /openapi.json`, OpenAPI 3.1, made from the routes' own schemas, and the same for people at `/docs`. */
export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mailroom',
        version: '1.0.0',
        description:
          'Connects Office 365 mailboxes and puts every e-mail, once, into the right queue. Every refusal is a problem ' +
          'document (RFC 9457) that says what is the matter and what to do next.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'Settings', description: 'The global properties: tenant, client and secret.' },
        { name: 'Accounts', description: 'Connected mailboxes, from adding to removing.' },
        { name: 'Routing', description: 'Keywords → queue, for each account.' },
        { name: 'Queues', description: 'Named waiting lines for agents.' },
        { name: 'Items', description: 'Messages that wait in queues: claim, complete, release.' },
        { name: 'Changes', description: 'What changes, as it changes.' },
        { name: 'Users', description: 'Who may sign in to Mailroom, and what they may do.' },
        { name: 'Signing in', description: 'Single sign-on by OpenID Connect.' },
        { name: 'Operations', description: 'For operators.' },
        { name: 'Health', description: 'For orchestrators.' },
      ],
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key: `npm run mailroom -- api-key create --name ci --profile Admin`.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: publicUrl.startsWith('https:') ? '__Host-mailroom' : 'mailroom',
            description: 'The session of a person who signed in at `/auth/sign-in`. Pages of Mailroom only.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => tidyDocument(jsonSchemaTransformObject(document)),
  });

  app.get('/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, () => app.swagger());

  await app.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    staticCSP: DOCS_CSP,
    theme: { title: 'Mailroom API' },
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      deepLinking: true,
      tryItOutEnabled: false,
      validatorUrl: null,
    },
  });
}
