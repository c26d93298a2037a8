import { promisify } from 'node:util';
import { constants, createGunzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const compress = promisify(gzip);

/** Below this size the headers cost more than compression saves. */
const COMPRESSED_FROM_BYTES = 1_024;

/**
 * Reads compressed request bodies, as the SDK for Go sends them, and compresses answers for clients that accept it, as
 * Graph does. The decompressed size counts against the body limit.
 */
export function encodeContent(graph: FastifyInstance): void {
  graph.addHook('preParsing', async (request, _reply, payload) => {
    if (request.headers['content-encoding']?.toLowerCase() !== 'gzip') return payload;
    const plain = createGunzip();
    let receivedEncodedLength = 0;
    payload.on('data', (chunk: Buffer) => {
      receivedEncodedLength += chunk.length;
    });
    payload.on('error', (error) => plain.destroy(error));
    Object.defineProperty(plain, 'receivedEncodedLength', { get: () => receivedEncodedLength });
    return payload.pipe(plain);
  });

  graph.addHook('onSend', async (request, reply, payload) => {
    const takesGzip = /\bgzip\b(?!;\s*q=0(\.0*)?\s*(,|$))/i.test(String(request.headers['accept-encoding'] ?? ''));
    if (typeof payload !== 'string' || payload.length < COMPRESSED_FROM_BYTES || !takesGzip) return payload;
    reply.header('content-encoding', 'gzip').header('vary', 'Accept-Encoding').removeHeader('content-length');
    return await compress(payload, { level: constants.Z_BEST_SPEED });
  });
}
