import { createSecretKey } from 'node:crypto';
import type { OpenAPIV3_1 } from 'openapi-types';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { createChangeFeed } from '../../api/changes/change-feed.ts';
import { openDatabase } from '../../database/database.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createContents } from '../../temporal/contents.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';

/** An unused address: the document depends only on the routes. */
const NOBODY = '127.0.0.1:9';

/** The API's OpenAPI document, built without a server. */
export async function readOpenApiDocument(): Promise<OpenAPIV3_1.Document> {
  const keys = createKeyRing([{ id: 'none', key: createSecretKey(Buffer.alloc(32)) }]);
  const db = openDatabase({ url: `postgres://nobody@${NOBODY}/none`, poolSize: 1, applicationName: 'openapi' });
  const client = openTemporalClient({ address: NOBODY, namespace: 'default', keys });
  const cloud = microsoftCloud('simulator', `http://${NOBODY}`);
  const app = await createApp({
    db,
    keys,
    mailboxes: createMailboxes(client),
    startSending() {},
    contents: createContents(client),
    changes: createChangeFeed(NOBODY, 'openapi'),
    footing: async () => ({ problem: undefined, since: new Date(0) }),
    temporalAnswers: async () => false,
    pausedWorkflows: async () => 0,
    signIn: createSignIn(cloud),
    cloud,
    logger: pino({ level: 'silent' }),
    config: {
      api: {
        host: '127.0.0.1',
        port: 0,
        publicUrl: 'http://localhost:3000',
        notificationUrl: undefined,
        trustProxy: undefined,
        codecAccess: 'session',
        firstAdministrator: undefined,
      },
      oidc: undefined,
      content: { clamav: undefined, scanRequired: false, cacheBytes: 0, keptMs: 0 },
      temporal: { address: NOBODY, namespace: 'default', uiUrl: `http://${NOBODY}`, tls: undefined, apiKey: undefined },
    },
  });
  await app.ready();
  const document = app.swagger() as OpenAPIV3_1.Document;
  await app.close();
  await Promise.all([db.destroy(), client.connection.close()]);
  return document;
}
