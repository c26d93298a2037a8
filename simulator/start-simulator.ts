import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { refuseForeignPages } from './control/refuse-foreign-pages.ts';
import { registerControl } from './control/register-control.ts';
import { openSimulatorDatabase } from './database.ts';
import { createAccessTokens } from './entra/access-tokens.ts';
import { createDirectory } from './entra/create-directory.ts';
import { registerEntra } from './entra/register-entra.ts';
import { createFaults } from './faults.ts';
import { createGraphContext } from './graph/create-graph-context.ts';
import type { GraphContext } from './graph/graph-context.ts';
import { registerGraph } from './graph/register-graph.ts';
import { openMailFolder } from './mail/mail-folder.ts';
import { registerStartPage } from './start-page/register-start-page.ts';
import { createStats } from './stats.ts';

export interface SimulatorOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** 127.0.0.1 unless access is restricted from outside, as for a container's published port. */
  readonly host?: string;
  /** A SQLite file, or `:memory:` (the default): nothing is kept. */
  readonly databasePath?: string;
  /** A folder of `.eml` files that the page offers to deliver; ignored if it is missing. */
  readonly mailFolder?: string;
  /** PEM of the server's key and certificate: enables https; otherwise http. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly logger?: FastifyBaseLogger;
}

export interface Simulator {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts Entra, Graph and the control API on one port of this machine. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', databasePath = ':memory:', mailFolder, tls, logger } = options;
  const scheme = tls ? 'https' : 'http';
  const database = openSimulatorDatabase(databasePath);
  const server = {
    forceCloseConnections: true as const,
    bodyLimit: 30 * 1024 * 1024,
    // Ids of attached messages are long, and mailbox addresses can be, too.
    routerOptions: { maxParamLength: 2_000 },
    ...(logger ? { loggerInstance: logger } : {}),
  };
  const app = (tls ? Fastify({ ...server, https: tls }) : Fastify(server)) as unknown as FastifyInstance;
  let graph: GraphContext | undefined;
  const close = async (): Promise<void> => {
    graph?.notifier.close();
    graph?.transport.close();
    // Closed first, so that no request still waits for the answer to a validation request.
    await graph?.delivery.close();
    await app.close();
    database.close();
  };
  try {
    const faults = createFaults(database);
    const stats = createStats();
    const directory = createDirectory(database);
    const accessTokens = createAccessTokens(database);
    graph = createGraphContext({ database, directory, accessTokens, faults, stats });
    refuseForeignPages(app);
    // Node sets the header, unless a fault sets Microsoft's clock to another time.
    app.addHook('onSend', async (_request, reply) => {
      const skewSeconds = faults.clockSkewSeconds();
      if (skewSeconds !== 0) reply.header('date', new Date(Date.now() + skewSeconds * 1_000).toUTCString());
    });
    await registerEntra(app, { database, directory, accessTokens, faults, stats });
    await registerGraph(app, graph, scheme);
    await registerControl(app, graph, directory, mailFolder === undefined ? undefined : openMailFolder(mailFolder));
    registerStartPage(app);
    await app.listen({ port, host });
    graph.transport.resume();
  } catch (error) {
    await close();
    throw error;
  }
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    // `localhost`, as in redirect URIs and cookies; the server listens on the loopback address.
    url: `${scheme}://localhost:${actualPort}`,
    port: actualPort,
    close,
  };
}
