import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A port that forwards to another one until it is cut or held. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** A black hole: connections stay and new ones are accepted, but neither data nor ends pass, in either direction. */
  hold(): void;
  /** Passes on what was held, and everything after it. */
  release(): void;
  close(): Promise<void>;
}

/** The two halves of a connection. */
interface Passage {
  readonly incoming: Socket;
  readonly outgoing: Socket;
}

/** Forwards a free local port to `target`, a host and a port. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const passages = new Set<Passage>();
  let isHeld = false;

  const open = ({ incoming, outgoing }: Passage) => incoming.pipe(outgoing).pipe(incoming);
  const shut = ({ incoming, outgoing }: Passage) => {
    incoming.unpipe(outgoing).pause();
    outgoing.unpipe(incoming).pause();
  };
  const end = (passage: Passage) => {
    passage.incoming.destroy();
    passage.outgoing.destroy();
    passages.delete(passage);
  };
  const server = createServer({ pauseOnConnect: true }, (incoming) => {
    const passage = { incoming, outgoing: connect(target) };
    passages.add(passage);
    for (const socket of [passage.incoming, passage.outgoing]) {
      // The end of one side must not pass a held connection: the lock or request on the other side stays as it is.
      socket.on('error', () => {}).on('close', () => isHeld || end(passage));
    }
    if (!isHeld) open(passage);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const release = () => {
    // Open connections would be connected twice, and would pass each byte twice.
    if (!isHeld) return;
    isHeld = false;
    for (const passage of passages) {
      if (passage.incoming.destroyed || passage.outgoing.destroyed) end(passage);
      else open(passage);
    }
  };
  const cut = async () => {
    if (!server.listening) return;
    server.close();
    for (const passage of passages) end(passage);
    await once(server, 'close');
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    cut,
    restore: () => listen(port),
    hold() {
      isHeld = true;
      for (const passage of passages) shut(passage);
    },
    release,
    close: cut,
  };
}
