import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The harmless file that every scanner takes for a virus (eicar.org), in two parts so that this one is not. */
export const EICAR = Buffer.from(`${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR'}${'-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`);

interface ClamdOptions {
  /** Larger files are refused, as by StreamMaxLength. */
  readonly mostBytes?: number;
  /** Takes the file and never answers. */
  readonly isSilent?: boolean;
}

/** A server that speaks clamd's protocol: INSTREAM, lengths before pieces, a zero at the end. Knows one virus. */
export async function startClamd({ mostBytes = 25_000_000, isSilent = false }: ClamdOptions = {}) {
  const sockets = new Set<Socket>();
  const scanned: number[] = [];

  function serve(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let pending = Buffer.alloc(0);
    let hasCommand = false;
    const file: Buffer[] = [];
    let bytes = 0;
    const answer = (line: string) => void socket.end(`${line}\0`);
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      if (!hasCommand) {
        const end = pending.indexOf(0);
        if (end === -1) return;
        if (pending.subarray(0, end).toString() !== 'zINSTREAM') return answer('UNKNOWN COMMAND');
        hasCommand = true;
        pending = pending.subarray(end + 1);
      }
      while (pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        if (length === 0) {
          scanned.push(bytes);
          if (!isSilent) answer(`stream: ${Buffer.concat(file).includes(EICAR) ? 'Eicar-Signature FOUND' : 'OK'}`);
          return;
        }
        if (pending.length < 4 + length) return;
        file.push(Buffer.from(pending.subarray(4, 4 + length)));
        pending = pending.subarray(4 + length);
        bytes += length;
        if (bytes > mostBytes) return answer('INSTREAM size limit exceeded. ERROR');
      }
    });
  }

  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    /** Sizes of the files that arrived whole. */
    scanned: scanned as readonly number[],
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
