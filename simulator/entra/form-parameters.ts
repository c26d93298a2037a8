import type { FastifyRequest } from 'fastify';
import { EntraError } from './entra-error.ts';

/** Parameters of a query or form. Repeated names are refused, as by Entra (AADSTS9000411). */
export type Parameters = Readonly<Record<string, string | undefined>>;

export function parseParameters(text: string): Parameters {
  const parameters: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in parameters) throw new EntraError(9000411, { name });
    parameters[name] = value;
  }
  return parameters;
}

/** The query string of a request's URL, without the question mark. */
export function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/** The fields of a posted form; empty for any other body, such as JSON. */
export function formOf(request: FastifyRequest): Parameters {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
  return isForm ? ((request.body as Parameters | undefined) ?? {}) : {};
}
