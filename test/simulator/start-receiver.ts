import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Receiver {
  readonly url: string;
  /** Validation tokens, in the order in which they came. */
  readonly validations: string[];
  /** Every entry of every request, acknowledged or not. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly entries: any[];
  /** How many entries each request had. */
  readonly batches: number[];
  /** What answers requests that are no validation; 202 unless set. */
  answer: (response: ServerResponse) => void;
  /** What answers validation requests; the token unless set. */
  validate: (token: string, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** A webhook as a product has one, on a free port of loopback. */
export async function startReceiver(): Promise<Receiver> {
  const listen = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('validationToken');
    const body = await text(request);
    if (token !== null) {
      receiver.validations.push(token);
      receiver.validate(token, response);
      return;
    }
    const { value } = JSON.parse(body) as { value: unknown[] };
    receiver.entries.push(...value);
    receiver.batches.push(value.length);
    receiver.answer(response);
  };
  const server = createServer((request, response) => {
    // A request that was cut while it came in is nobody's loss.
    listen(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    validations: [],
    entries: [],
    batches: [],
    answer: (response) => response.writeHead(202).end(),
    validate: (token, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(token),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
