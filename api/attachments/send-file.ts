import { Readable } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';

/** Were a browser to show it all the same, it could do nothing and ask for nothing. */
const POWERLESS = "default-src 'none'; sandbox";

export interface FileToSend {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array> | Readable;
  /** Undefined: not known before its end. */
  readonly size?: number | undefined;
  /** A type that browsers cannot be harmed by; without one it is bytes. */
  readonly contentType?: string | undefined;
  readonly disposition?: 'attachment' | 'inline' | undefined;
}

/** Streams strangers' bytes so that browsers save them, and never take them for something of ours. */
export function sendFile(reply: FastifyReply, file: FileToSend): FastifyReply {
  const { name, bytes, size, contentType = 'application/octet-stream', disposition = 'attachment' } = file;
  reply.header('content-disposition', contentDisposition(name, { type: disposition }));
  reply.header('content-security-policy', POWERLESS);
  reply.header('x-content-type-options', 'nosniff');
  if (size !== undefined) reply.header('content-length', size);
  reply.type(contentType);
  return reply.send(bytes instanceof Readable ? bytes : Readable.from(bytes, { objectMode: false }));
}
