import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import { expect, it } from 'vitest';
import { errorTunnel, tunnelledError } from '../../graph/client/middleware/error-tunnel.ts';
import { shortRetry } from '../../graph/client/middleware/short-retry.ts';
import { wholeResponse } from '../../graph/client/middleware/whole-response.ts';

it.each([205, 999])('passes on an answer with status %i, which no Response of ours could have', async (status) => {
  const fetch = async () => Object.defineProperty(new Response(null), 'status', { value: status });
  const client = Client.initWithMiddleware({
    baseUrl: 'http://localhost',
    middleware: [errorTunnel(), wholeResponse(fetch, 5_000)],
  });
  const { status: passed } = await client.api('/me').responseType(ResponseType.RAW).get();
  expect(passed).toBe(Math.min(status, 599));
});

it('gives up on an answer that is larger than fits, at once and without asking again', async () => {
  let asked = 0;
  let sent = 0;
  const fetch = async () => {
    asked += 1;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_000;
        controller.enqueue(new Uint8Array(1_000));
      },
    });
    return new Response(endless);
  };
  const client = Client.initWithMiddleware({
    baseUrl: 'http://localhost',
    middleware: [
      errorTunnel(),
      shortRetry({ retries: 3, firstDelayMs: 1, maxDelayMs: 1 }),
      wholeResponse(fetch, 5_000, 10_000),
    ],
  });
  const error = await client
    .api('/me')
    .get()
    .then(() => undefined, tunnelledError);
  expect(error).toMatchObject({ type: 'Unavailable', code: 'answer-too-large' });
  expect(asked).toBe(1);
  expect(sent).toBeLessThan(20_000);
});
