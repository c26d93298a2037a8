import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../../process/describe-error.ts';
import { sendProblemPage } from '../pages/problem-page.ts';
import { isScimAddress, sendScimError } from '../scim/error-body.ts';
import { PROBLEM_MEDIA_TYPE, type Problem, problemDocument } from './problem.ts';
import { toProblem } from './to-problem.ts';
import { withOutcome } from './write-outcomes.ts';

/** Answers every refusal and error with a problem document, or with a page where a person opened the address. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = withOutcome(toProblem(error), request);
    request.refusedBecause = problem.reason;
    logProblem(request, problem);
    const isPage = request.routeOptions.config.isPage === true || (request.is404 && isOpenedByPerson(request));
    return isPage ? sendProblemPage(request, reply, problem) : sendProblem(request, reply, problem);
  });
}

/** Browsers ask for HTML when a person opens an address; API clients and scripts of pages do not. */
function isOpenedByPerson({ method, headers, url }: FastifyRequest): boolean {
  return method === 'GET' && !url.startsWith('/api/') && headers.accept?.includes('text/html') === true;
}

/** In the form of the address: SCIM has one of its own. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (isScimAddress(request.url)) return sendScimError(reply, problem);
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemDocument(problem, request.id)));
}

/** `unexpected` is a bug of ours and logged as an error; the other server errors are outages. */
function logProblem(request: FastifyRequest, { kind, status, cause }: Problem): void {
  if (status < 500) return;
  const line = { reference: request.id, route: request.routeOptions.url, problem: kind, ...describeError(cause) };
  if (kind === 'unexpected') request.log.error(line, 'request.failed');
  else request.log.warn(line, 'request.refused');
}
