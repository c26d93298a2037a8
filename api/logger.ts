import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from '../process/describe-error.ts';

/**
 * One JSON line per event. Also filters what Fastify or a library logs: of requests and errors, only the fields listed
 * here reach the log.
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
