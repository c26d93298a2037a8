import type { InjectOptions } from 'fastify';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { createApp } from '../../api/app.ts';
import { createChangeFeed } from '../../api/changes/change-feed.ts';
import type { ApiDependencies } from '../../api/dependencies.ts';
import { randomToken, tokenHash } from '../../api/http/random-token.ts';
import { createLogger } from '../../api/logger.ts';
import { openDatabase } from '../../database/database.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { addSession } from '../../database/people/sessions.ts';
import { addUser } from '../../database/people/users.ts';
import { startPulse } from '../../database/processes/pulse.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { openTemporalClient, temporalAnswers } from '../../temporal/client.ts';
import { createContents } from '../../temporal/contents.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';
import { countPausedWorkflows } from '../../temporal/paused-workflows.ts';
import { aKeyRing } from '../support/builders.ts';
import { createTestDatabase } from '../support/test-database.ts';

/** Nothing listens there. */
export const NOBODY = '127.0.0.1:9';

export const PUBLIC_URL = 'http://localhost:3000';

/** The secret of the browser that tests play: what `connect` sets in one. */
const BROWSER = 'mailroom-connect=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';

/** A call without a key comes from that browser, unless it says which other one. */
function cookieOf({ key, headers }: Call): Record<string, string> {
  const { cookie = '' } = headers ?? {};
  if (key !== null || cookie.includes('mailroom-connect=')) return {};
  return { cookie: [cookie, BROWSER].filter(Boolean).join('; ') };
}

export interface TestApiOptions extends Partial<ApiDependencies> {
  readonly simulatorUrl?: string;
  /** Of the given `db`, for who follows its changes. */
  readonly databaseUrl?: string;
  readonly api?: Partial<ApiDependencies['config']['api']>;
  readonly content?: Partial<ApiDependencies['config']['content']>;
  readonly oidc?: ApiDependencies['config']['oidc'];
  /** For a database that is away: no API key is stored. */
  readonly withoutKeys?: true;
  /** How long a request may take to arrive; without it as long as in production. */
  readonly requestTimeoutMs?: number;
}

export interface Call {
  readonly body?: unknown;
  /** An API key; without it the administrator's. Null: none. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
}

/**
 * The API on a database of its own, with an API key for each security profile. Without `mailboxes` Temporal is away;
 * without `simulatorUrl` Microsoft is.
 */
export async function startTestApi(options: TestApiOptions = {}) {
  const {
    simulatorUrl = `http://${NOBODY}`,
    databaseUrl,
    api,
    content,
    oidc,
    withoutKeys,
    requestTimeoutMs,
    ...given
  } = options;
  const database = given.db ? undefined : await createTestDatabase();
  const url = database?.url ?? databaseUrl ?? `postgres://nobody@${NOBODY}/none`;
  const db = given.db ?? openDatabase({ url, poolSize: 10, applicationName: 'test' });
  const keys = given.keys ?? aKeyRing();
  const client = openTemporalClient({ address: NOBODY, namespace: 'default', keys });
  const cloud = microsoftCloud('simulator', simulatorUrl);
  const changes = createChangeFeed(url, 'test-changes');
  const lines: string[] = [];
  const pulse = startPulse({ db, keys, kind: 'api', onChange() {}, onRefused() {} });
  const app = await createApp(
    {
      db,
      keys,
      mailboxes: createMailboxes(client),
      startSending() {},
      contents: createContents(client),
      changes,
      footing: pulse.check,
      temporalAnswers: () => temporalAnswers(client),
      pausedWorkflows: () => countPausedWorkflows(client),
      signIn: createSignIn(cloud),
      cloud,
      logger: createLogger('debug', { write: (line: string) => void lines.push(line) }),
      ...given,
      config: {
        api: {
          host: '127.0.0.1',
          port: 0,
          publicUrl: PUBLIC_URL,
          notificationUrl: undefined,
          trustProxy: undefined,
          codecAccess: 'session',
          firstAdministrator: undefined,
          ...api,
        },
        oidc,
        content: { clamav: undefined, scanRequired: false, cacheBytes: 2 ** 31, keptMs: 86_400_000, ...content },
        temporal: {
          address: NOBODY,
          namespace: 'default',
          uiUrl: 'http://localhost:8233',
          tls: undefined,
          apiKey: undefined,
        },
      },
    },
    requestTimeoutMs === undefined ? {} : { requestTimeoutMs },
  );
  await app.ready();

  async function keyFor(profile: SecurityProfile, name = `key of ${profile}`): Promise<string> {
    const key = createApiKey();
    if (withoutKeys) return key;
    await addApiKey(db, 'cli', { name, profile, keyHash: tokenHash(key), hint: key.slice(-4) });
    return key;
  }
  const apiKeys = {
    Admin: await keyFor('Admin'),
    Supervisor: await keyFor('Supervisor'),
    Agent: await keyFor('Agent'),
  };

  async function call(method: string, url: string, { body, key = apiKeys.Admin, headers }: Call = {}) {
    const response = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...cookieOf({ key, ...(headers && { headers }) }),
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const isJson = /\bjson\b/.test(String(response.headers['content-type'])) && response.body !== '';
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      json: isJson ? response.json() : undefined,
    };
  }

  /** Adds a user and signs in; the headers of a browser that is on a page of ours. */
  async function browserOf(profile: SecurityProfile, email: string) {
    const userId = await addUser(db, 'cli', { email, displayName: '', profile });
    const token = randomToken();
    await addSession(db, keys, { idHash: tokenHash(token), userId, providerSession: undefined });
    return { userId, headers: { cookie: `mailroom=${token}`, 'sec-fetch-site': 'same-origin' } };
  }

  return {
    app,
    db,
    databaseUrl: url,
    keys,
    apiKeys,
    keyFor,
    call,
    browserOf,
    /** What was logged until now. */
    log: () => lines.join(''),
    async stop() {
      await app.close();
      await pulse.stop();
      await changes.close();
      await client.connection.close();
      if (!given.db) await db.destroy();
      await database?.drop();
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;
