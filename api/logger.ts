import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from '../process/describe-error.ts';

/**
 * One JSON line for each event. Whatever Fastify or a library logs by itself passes the same sieve: of requests and
 * errors only what is listed here gets into the log.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const serializers = {
    err: describeError,
    req: ({ id, method, routeOptions }: FastifyRequest) => ({ reference: id, method, route: routeOptions?.url }),
    res: ({ statusCode }: FastifyReply) => ({ status: statusCode }),
  };
  const options = { level, base: { process: 'api' }, serializers };
  return destination ? pino(options, destination) : pino(options);
}
