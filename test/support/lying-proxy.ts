import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { decodeJwt } from 'jose';

/** A request on its way to the simulator. */
export interface PassingRequest {
  readonly method: string;
  readonly url: string;
  /** Of the token; undefined where there is none. */
  readonly person: string | undefined;
}

export interface PassingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the proxy answers; a function writes to the response itself. Undefined: what the simulator answers. */
type Told = PassingAnswer | ((response: ServerResponse) => void) | undefined;

/** `ask` passes the request on: without that, it is not carried out. */
export type Lie = (request: PassingRequest, ask: () => Promise<PassingAnswer>) => Told | Promise<Told>;

export interface LyingProxy extends AsyncDisposable {
  readonly url: string;
  /** Of everybody, in the order of their arrival. */
  readonly seen: readonly PassingRequest[];
  lie: Lie | undefined;
}

/** The page of a portal or a proxy, which says that all is well. */
export const aPortal: PassingAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<!doctype html><p>Please accept the terms of use.'),
};

/** No answer: the connection breaks. */
export function aReset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** An answer with another JSON in it. */
export function changed<Body extends object>(answer: PassingAnswer, change: (body: Body) => object): PassingAnswer {
  return { ...answer, body: Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString()) as Body))) };
}

/** A proxy between a test and the simulator that changes answers. */
export async function startLyingProxy(simulatorUrl: string): Promise<LyingProxy> {
  const seen: PassingRequest[] = [];
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    const { upn } = token === undefined ? {} : decodeJwt<{ upn?: string }>(token);
    const passing = { method, url, person: upn };
    seen.push(passing);
    const { host: _host, connection: _connection, 'accept-encoding': _encoding, ...kept } = headers;
    const body = await buffer(request);
    const ask = async (): Promise<PassingAnswer> => {
      const answered = await fetch(simulatorUrl + url, {
        method,
        headers: { ...(kept as Record<string, string>), 'accept-encoding': 'identity' },
        body: body.length > 0 ? body : null,
        redirect: 'manual',
      });
      // Links lead back to the proxy.
      const text = Buffer.from(await answered.arrayBuffer())
        .toString('latin1')
        .replaceAll(simulatorUrl, proxy.url);
      const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = Object.fromEntries(answered.headers);
      return { status: answered.status, headers: rest, body: Buffer.from(text, 'latin1') };
    };
    const told = (await proxy.lie?.(passing, ask)) ?? (await ask());
    if (typeof told === 'function') told(response);
    else response.writeHead(told.status, told.headers).end(told.body);
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const proxy: LyingProxy = {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    lie: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
