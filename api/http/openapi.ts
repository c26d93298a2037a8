import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { RouteDescriptions } from './describe-routes.ts';
import { tidyDocument } from './tidy-document.ts';

/**
 * Only scripts and styles of our own origin. The hash is that of the one style attribute with which Swagger UI hides
 * its drawings (`position: absolute; …`).
 */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; " +
  "style-src 'self' 'unsafe-hashes' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'";

const DOCS_PATH = '/docs';

/**
 * Makes the documentation public. The plugin's routes cannot declare a permission, so this hook does it for them; it
 * must be registered first.
 */
export function openDocs(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.url !== DOCS_PATH && !route.url.startsWith(`${DOCS_PATH}/`)) return;
    route.config = { ...route.config, permission: 'public' };
  });
}

/** `GET /openapi.json`, OpenAPI 3.1, generated from the routes' schemas, and the readable version at `/docs`. */
export async function describeApi(
  app: FastifyInstance,
  { optionalBodies }: RouteDescriptions,
  publicUrl: string,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mailroom',
        version: '1.0.0',
        description:
          'Connects Office 365 mailboxes and puts every e-mail, once, into the right queue. Every refusal is a problem ' +
          'document (RFC 9457) that says what is the matter and what to do next; on the addresses that people open it is a ' +
          'page. Beside the answers of each operation, 404 and 405 say that an address or a method does not exist, 408 that ' +
          'a request was not complete after 30 seconds, 431 that its headers are larger than 16 kB. SCIM 2.0, for identity ' +
          'providers, is at `/scim/v2` and not in this document: it describes itself there (`/scim/v2/Schemas`).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'Settings', description: 'The global properties: tenant, client and secret.' },
        { name: 'Accounts', description: 'Connected mailboxes, from adding to removing.' },
        { name: 'Routing', description: 'Keywords → queue, for each account.' },
        { name: 'Queues', description: 'Named waiting lines for agents.' },
        { name: 'Items', description: 'Messages that wait in queues: claim, complete, release.' },
        { name: 'Offers', description: 'Who is available, and what each person is offered.' },
        { name: 'Answers', description: 'Drafts, the outbox, signatures and canned answers.' },
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
    transformObject: (document) =>
      tidyDocument(withOptionalBodies(jsonSchemaTransformObject(document), optionalBodies)),
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

interface DescribedOperation {
  readonly operationId?: string;
  readonly requestBody?: { required?: boolean; readonly content?: Record<string, { schema: BodySchema }> };
}

type BodySchema = Record<string, unknown> & { readonly anyOf?: readonly Record<string, unknown>[] };

/**
 * The generator marks every body as required. One that may be left out is described as what it is when it comes: `null`,
 * which is accepted, too, makes clients of openapi-python-client fail where no body is given.
 */
function withOptionalBodies<Document extends object>(document: Document, optional: ReadonlySet<string>): Document {
  const { paths = {} } = document as { paths?: Record<string, Record<string, DescribedOperation>> };
  for (const { operationId = '', requestBody } of Object.values(paths).flatMap((path) => Object.values(path))) {
    if (!requestBody || !optional.has(operationId)) continue;
    requestBody.required = false;
    for (const described of Object.values(requestBody.content ?? {})) described.schema = withoutNull(described.schema);
  }
  return document;
}

function withoutNull({ anyOf, ...others }: BodySchema): BodySchema {
  if (anyOf === undefined) return others;
  const [first = {}, ...more] = anyOf.filter(({ type }) => type !== 'null');
  return more.length === 0 ? { ...first, ...others } : { ...others, anyOf: [first, ...more] };
}
