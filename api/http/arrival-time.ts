import type { IncomingMessage, Server } from 'node:http';

/**
 * Bytes of an upload that have to arrive in each period: the beginning of a file of 100 MB over the slowest mobile line
 * still does, a client that drips byte by byte to hold a connection does not.
 */
const LEAST_UPLOAD_BYTES = 64 * 1_024;

interface ArrivalTimes {
  /** Of a whole body; of uploads, the period in which some of it has to arrive. */
  readonly requestTimeoutMs: number;
  /** Whether a request may take as long as its file needs. */
  readonly isUpload: (request: IncomingMessage) => boolean;
}

/**
 * Ends requests whose body does not arrive in time, with the answer of `answerBrokenRequest`. Node's own `requestTimeout` is
 * one for all requests, and counts from their beginning: 100 MB would need a line of 30 Mbit/s. A request that was answered
 * before its body arrived has no more than one period left.
 */
export function limitArrivalTime(server: Server, { requestTimeoutMs, isUpload }: ArrivalTimes): void {
  server.prependListener('request', (request, response) => {
    if (!hasBody(request)) return;
    const { socket } = request;
    const isSlow = isUpload(request);
    let arrivedBefore = socket.bytesRead;
    const timer = setInterval(() => {
      const arrived = socket.bytesRead - arrivedBefore;
      arrivedBefore = socket.bytesRead;
      if (isSlow && !response.writableEnded && arrived >= LEAST_UPLOAD_BYTES) return;
      clearInterval(timer);
      if (request.complete || socket.destroyed) return;
      if (response.writableEnded) socket.destroy();
      else server.emit('clientError', new ArrivalTimeout(isSlow), socket);
    }, requestTimeoutMs);
    // A connection has many requests: each takes its listener along.
    const end = () => {
      clearInterval(timer);
      socket.off('close', end);
    };
    request.once('close', end);
    socket.once('close', end);
  });
}

class ArrivalTimeout extends Error {
  override readonly name = 'ArrivalTimeout';
  readonly code: string;
  constructor(isUpload: boolean) {
    super('The request did not arrive in time');
    this.code = isUpload ? 'ERR_UPLOAD_TIMEOUT' : 'ERR_HTTP_REQUEST_TIMEOUT';
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
