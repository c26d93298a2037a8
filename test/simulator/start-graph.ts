import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator/start-simulator.ts';

export interface GraphReply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The JSON body; an empty object where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

export interface RequestOptions {
  readonly prefer?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
}

export interface RunningGraph {
  readonly simulator: Simulator;
  readonly url: string;
  /** An access token for the user of an address. */
  tokenFor(address: string, options?: { scope?: string; capabilities?: string[]; clientId?: string }): Promise<string>;
  /** A request to Graph (`/me/messages`, or a whole link) as the user of `signIn`. */
  graph(method: string, path: string, options?: RequestOptions): Promise<GraphReply>;
  /** A request to the control API; throws on a refusal. */
  control(method: string, path: string, body?: unknown): Promise<GraphReply['body']>;
  /** Delivers a raw mail, or a quick one. */
  deliver(
    mail: Buffer | { subject: string; text?: string; html?: string; from?: string },
    query?: string,
  ): Promise<Delivered>;
  close(): Promise<void>;
}

export interface Delivered {
  readonly id: string;
  readonly immutableId: string;
}

export const ADDRESS = 'sales@contoso.example';
export const ALL_SCOPES = 'openid profile offline_access User.Read Mail.ReadWrite';

/** Starts a whole simulator on a free port, with somebody signed in who may read and write his mail. */
export async function startGraph(options: SimulatorOptions = {}): Promise<RunningGraph> {
  const simulator = await startSimulator(options);
  const url = `http://127.0.0.1:${simulator.port}`;
  const control: RunningGraph['control'] = async (method, path, body) => {
    const reply = await request(`${url}/control${path}`, method, { body, token: null });
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${reply.status} ${reply.bytes}`);
    return reply.body;
  };
  const tokenFor: RunningGraph['tokenFor'] = async (address, { scope = ALL_SCOPES, ...others } = {}) => {
    const issued = await control('POST', '/tokens', { address, scope, ...others });
    return String(issued.access_token);
  };
  let ownToken: string | undefined;
  return {
    simulator,
    url,
    tokenFor,
    control,
    async graph(method, path, given = {}) {
      if (given.token === undefined) ownToken ??= await tokenFor(ADDRESS);
      const token = given.token === undefined ? (ownToken ?? null) : given.token;
      return request(path.startsWith('http') ? path : `${url}/v1.0${path}`, method, { ...given, token });
    },
    async deliver(mail, query = '') {
      const type = Buffer.isBuffer(mail) ? 'message/rfc822' : 'application/json';
      const response = await fetch(`${url}/control/mailboxes/${ADDRESS}/messages${query}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.isBuffer(mail) ? mail : JSON.stringify(mail),
      });
      if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as Delivered;
    },
    close: () => simulator.close(),
  };
}

async function request(url: string, method: string, options: RequestOptions): Promise<GraphReply> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.prefer ? { prefer: options.prefer } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && bytes.length > 0;
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: isJson ? JSON.parse(bytes.toString()) : {},
  };
}

export interface Walk {
  // biome-ignore lint/suspicious/noExplicitAny: entries of every shape
  readonly entries: any[];
  readonly deltaLink: string;
  readonly pages: number;
}

/** Follows a delta to its end. */
export async function walkDelta(running: RunningGraph, path: string, options: RequestOptions = {}): Promise<Walk> {
  const entries: GraphReply['body'][] = [];
  let pages = 0;
  for (let next = path; ; ) {
    const { status, body } = await running.graph('GET', next, options);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    entries.push(...body.value);
    pages += 1;
    if (body['@odata.deltaLink']) return { entries, pages, deltaLink: body['@odata.deltaLink'] };
    next = body['@odata.nextLink'];
  }
}
