import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../../process/describe-error.ts';
import { sendProblemPage } from '../pages/problem-page.ts';
import { PROBLEM_MEDIA_TYPE, type Problem, problemDocument } from './problem.ts';
import { toProblem } from './to-problem.ts';
import { withOutcome } from './write-outcomes.ts';

/** Answers every refusal and every error with a problem document, or a page where a person opened a page. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = withOutcome(toProblem(error), request);
    logProblem(request, problem);
    const isPage = request.routeOptions.config.isPage === true || (request.is404 && isOpenedByPerson(request));
    return isPage ? sendProblemPage(request, reply, problem) : sendProblem(request, reply, problem);
  });
}

/** Browsers ask for HTML when a person opens an address; clients of the API, and scripts of pages, do not. */
function isOpenedByPerson({ method, headers, url }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true;
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemDocument(problem, request.id)));
}

/** What is no fault of the client: `unexpected` is a fault of ours, the rest is weather. */
function logProblem(request: FastifyRequest, { kind, status, cause }: Problem): void {
  if (status < 500) return;
  const line = { reference: request.id, route: request.routeOptions.url, problem: kind, ...describeError(cause) };
  if (kind === 'unexpected') request.log.error(line, 'request.failed');
  else request.log.warn(line, 'request.refused');
}
