import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createMailroomCaller } from '../../chaos/actors/mailroom-call.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { type Answer, type HttpServer, send, startHttpServer } from '../graph/http-server.ts';

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function anApi(answer: Answer): Promise<string> {
  const server = await startHttpServer(answer);
  servers.push(server);
  return server.url;
}
async function nowhere(): Promise<string> {
  const [port] = await freePorts(1);
  return `http://127.0.0.1:${port}`;
}
const outcomeOf = async (...urls: string[]) => await createMailroomCaller(urls, 'key')('POST', '/queues', {});

describe('a call', () => {
  it.each([
    [200, 'done'],
    [409, 'refused'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('that is answered %i is %s', async (status, outcome) => {
    const url = await anApi((_request, response) => send(response, status, { reason: 'state-forbids' }));
    expect(await outcomeOf(url)).toMatchObject({ outcome, status });
  });

  it('is unknown when its connection breaks', async () => {
    const server = createServer((request) => void request.socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await outcomeOf(`http://127.0.0.1:${port}`)).toMatchObject({ outcome: 'unknown' });
    server.close();
  });

  it('goes to the other API where nothing listens, and is refused for sure when nothing listens at all', async () => {
    const url = await anApi((_request, response) => send(response, 200, {}));
    expect(await outcomeOf(await nowhere(), url)).toMatchObject({ outcome: 'done' });
    expect(await outcomeOf(await nowhere(), await nowhere())).toMatchObject({ outcome: 'refused' });
  });
});
