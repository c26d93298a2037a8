import { microsoftUrlOf } from '../../scripts/demo/follow-sign-in-link.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { PUBLIC_URL, startTestApi, type TestApiOptions } from './test-api.ts';

export const simulatedSettings = {
  tenantId: DEFAULT_TENANT_ID,
  clientId: MAILROOM_CLIENT_ID,
  clientSecret: MAILROOM_CLIENT_SECRET,
};

/** What the simulator does instead of a person. */
export type SignInMode =
  | { readonly mode: 'interactive' | 'deny' | 'admin-approval' }
  | { readonly mode: 'auto'; readonly as?: string };

/** The API with a worker, Temporal, PostgreSQL and the simulator, all real. */
export async function startTestStack(options: TestApiOptions = {}) {
  const simulator: Simulator = await startSimulator();
  const simulatorUrl = `http://localhost:${simulator.port}`;
  const worker = await startMailboxWorker({ simulatorUrl });
  const { db, keys, mailboxes, contents } = worker;
  const api = await startTestApi({
    db,
    keys,
    mailboxes,
    contents,
    temporalAnswers: async () => true,
    pausedWorkflows: async () => 0,
    simulatorUrl,
    ...options,
  });

  async function control(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${simulatorUrl}/control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** Presses *Connect* on the page of a sign-in link; Microsoft's page. */
  async function connectAt(link: string): Promise<string> {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const page = await api.call('POST', link.slice(PUBLIC_URL.length), { key: null, headers });
    if (page.status !== 200) throw new Error(`${page.status}: ${page.text}`);
    return microsoftUrlOf(page.text);
  }

  /** Follows a sign-in link, or Microsoft's page, until it leads back to us; the path and query of the way back. */
  async function signInAt(url: string, mode: SignInMode): Promise<string> {
    await control('PUT', '/sign-in', mode);
    let next = url.startsWith(PUBLIC_URL) ? await connectAt(url) : url;
    for (let redirects = 0; redirects < 10; redirects++) {
      const response = await fetch(next, { redirect: 'manual' });
      const location = response.headers.get('location');
      if (location === null) throw new Error(`The simulator stays at ${response.status}: ${await response.text()}`);
      if (location.startsWith(PUBLIC_URL)) return location.slice(PUBLIC_URL.length);
      next = new URL(location, next).href;
    }
    throw new Error('The simulator redirects for ever');
  }

  return {
    ...api,
    worker,
    simulatorUrl,
    control,
    connectAt,
    signInAt,
    /** Adds an account and answers it, with its sign-in URL. */
    async addAccount(address: string, more: object = {}) {
      const { json } = await api.call('POST', '/api/v1/email/accounts', { body: { address, ...more } });
      return json as { readonly id: string; readonly signInUrl: string; readonly [field: string]: unknown };
    },
    async stop() {
      await api.stop();
      await worker.stop();
      await simulator.close();
    },
  };
}

export type TestStack = Awaited<ReturnType<typeof startTestStack>>;
