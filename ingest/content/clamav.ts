import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Scan, ScanInProgress, Scanner } from './scanner.ts';

export interface ClamavServer {
  readonly host: string;
  readonly port: number;
}

/** Milliseconds without a word of the scanner: it looks into archives, which takes a while. */
const SILENCE_MS = 60_000;
const CONNECT_WITHIN_MS = 3_000;
/** clamd answers one line. */
const MOST_ANSWER_BYTES = 4_096;
const MOST_FINDING_CHARACTERS = 200;

export interface ClamavPatience {
  readonly connectWithinMs?: number;
  readonly silenceMs?: number;
}

/**
 * ClamAV's daemon by its own protocol (docs.clamav.net, "clamd", INSTREAM): each piece of a file after its length, a
 * length of zero at the end. One connection for each file. The file leaves Mailroom unencrypted: the daemon belongs into
 * the same network.
 */
export function createClamav({ host, port }: ClamavServer, patience: ClamavPatience = {}): Scanner {
  const { connectWithinMs = CONNECT_WITHIN_MS, silenceMs = SILENCE_MS } = patience;
  return {
    begin(): ScanInProgress {
      const socket = connect({ host, port });
      const connecting = setTimeout(() => socket.destroy(new Error('no connection')), connectWithinMs);
      const answer = answerOf(socket);
      let isOver = false;
      void answer.finally(() => {
        isOver = true;
        clearTimeout(connecting);
      });
      socket.once('connect', () => {
        clearTimeout(connecting);
        socket.setTimeout(silenceMs, () => socket.destroy(new Error('silent')));
      });
      socket.write('zINSTREAM\0');

      /** Waits while the scanner is slower than the mailbox. */
      async function send(bytes: Uint8Array): Promise<void> {
        if (isOver || socket.destroyed || socket.write(bytes)) return;
        await Promise.race([once(socket, 'drain').catch(() => {}), answer]);
      }

      return {
        async add(piece) {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(piece.length);
          if (!isOver && !socket.destroyed) socket.write(length);
          await send(piece);
        },
        async conclude() {
          await send(Buffer.alloc(4));
          const scan = scanOf(await answer);
          socket.destroy();
          return scan;
        },
        abort: () => void socket.destroy(),
      };
    },
  };
}

/** The daemon's line; undefined: it gave none. Never rejects. */
function answerOf(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8');
      if (text.includes('\0') || text.length > MOST_ANSWER_BYTES) resolve(text.split('\0')[0]);
    });
    socket.on('error', () => {}); // 'close' follows
    socket.once('close', () => resolve(text === '' ? undefined : text.trim()));
  });
}

/** `stream: OK`, `stream: Eicar-Signature FOUND`, `INSTREAM size limit exceeded. ERROR`. */
function scanOf(answer: string | undefined): Scan {
  if (answer === undefined) return { verdict: 'unscanned', finding: 'scanner-away' };
  if (/^stream: OK$/.test(answer)) return { verdict: 'clean', finding: null };
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found !== undefined) return { verdict: 'infected', finding: found.slice(0, MOST_FINDING_CHARACTERS) };
  return { verdict: 'unscanned', finding: /size limit/i.test(answer) ? 'too-large' : 'scanner-error' };
}
