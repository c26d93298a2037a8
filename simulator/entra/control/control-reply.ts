import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** A refusal of the control API. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Parses a JSON body; answers 400 to unknown fields and wrong types, with every problem named. */
export function parseBody<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const result = schema.safeParse(request.body ?? {});
  if (result.success) return result.data;
  throw new ControlError(400, 'BadRequest', z.prettifyError(result.error));
}

/** The same for the query string. */
export function parseQuery<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const result = schema.safeParse(request.query);
  if (result.success) return result.data;
  throw new ControlError(400, 'BadRequest', z.prettifyError(result.error));
}

export function sendControlError(reply: FastifyReply, { status, code, message }: ControlError): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
