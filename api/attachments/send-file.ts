import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';
import { Problem } from '../http/problem.ts';
import { type ByteRange, byteRange } from './byte-range.ts';

/** Were a browser to show it all the same, it could do nothing and ask for nothing. */
const POWERLESS = "default-src 'none'; sandbox";

export interface FileToSend {
  readonly name: string;
  /** All bytes, or those of a range. */
  readonly bytes: (range?: ByteRange) => AsyncIterable<Uint8Array> | Readable;
  /** Undefined: not known before its end. */
  readonly size?: number | undefined;
  /** The same for the same bytes. With it and the size, clients can ask for a part, and whether their copy is current. */
  readonly version?: string | undefined;
  /** A type that browsers cannot be harmed by; without one it is bytes. */
  readonly contentType?: string | undefined;
  readonly disposition?: 'attachment' | 'inline' | undefined;
}

/**
 * Streams strangers' bytes so that browsers save them, and never take them for something of ours. A file that breaks off
 * breaks the connection, so that clients notice.
 */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: FileToSend): FastifyReply {
  const { name, bytes, size, version, contentType = 'application/octet-stream', disposition = 'attachment' } = file;
  reply.header('content-disposition', contentDisposition(name, { type: disposition }));
  reply.header('content-security-policy', POWERLESS);
  reply.header('x-content-type-options', 'nosniff');
  reply.type(contentType);
  if (size === undefined || version === undefined) return send(request, reply, { bytes, size });

  const etag = `"${version}"`;
  reply.header('etag', etag).header('accept-ranges', 'bytes');
  if (fresh(request.headers, { etag })) return reply.code(304).send();
  const range = request.method === 'GET' ? byteRange(request.headers, { size, etag }) : 'all';
  if (range === 'all') return send(request, reply, { bytes, size });
  if (range === 'none') {
    reply.removeHeader('content-disposition');
    throw new Problem('range-beyond-end', `The file has ${size} bytes, and none where \`Range\` begins.`, {
      facts: { size },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${size}`);
  return send(request, reply, { bytes: () => bytes(range), size: range.to - range.from + 1 });
}

function send(
  { method }: FastifyRequest,
  reply: FastifyReply,
  { bytes, size }: Pick<FileToSend, 'bytes' | 'size'>,
): FastifyReply {
  if (size !== undefined) reply.header('content-length', size);
  // For HEAD, Fastify would read the file to its end.
  const found = method === 'HEAD' ? [] : bytes();
  return reply.send(found instanceof Readable ? found : Readable.from(found, { objectMode: false }));
}
