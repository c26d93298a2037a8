import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './error-answers.ts';
import { PROBLEM_MEDIA_TYPE, Problem, problemDocument } from './problem.ts';
import type { problemReasons } from './problem-reasons.ts';
import { toProblem } from './to-problem.ts';

/** These requests never reach a route, so no hook sets their headers. */
const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Answers a request with an unreadable address; Fastify calls no other handler for these. */
export function answerUnreadableAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(headers);
  sendProblem(request, reply, toProblem(error));
}

/** Refuses CONNECT, which Node gives to no route, and ignores every expectation other than `100-continue`. */
export function answerTunnels(app: FastifyInstance): void {
  app.server.on('connect', (_request, socket: Duplex) => {
    answerAndClose(socket, new Problem('method-not-allowed', 'Mailroom is no proxy: CONNECT is not possible here.'));
  });
  // RFC 9110, section 10.1.1: an unknown expectation may be ignored. Node's own answer has no body.
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
}

/**
 * Answers what is not an HTTP request on the bare connection, and closes it. The parser's message is not sent: it may
 * quote the request.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const { reason, detail } = known[error.code ?? ''] ?? {
    reason: 'no-http-request',
    detail: 'This is not an HTTP request that can be read.',
  };
  answerAndClose(socket, new Problem(reason, detail));
}

/**
 * Time for the client to read the answer before the connection is closed, because one that goes on sending would keep
 * it open.
 */
const LINGER_MS = 1_000;

function answerAndClose(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problemDocument(problem, randomUUID()));
  const lines = Object.entries({
    ...headers,
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const known: Readonly<Record<string, { readonly reason: keyof typeof problemReasons; readonly detail: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    reason: 'request-timeout',
    detail: 'The request was not complete after 30 seconds. Send it again.',
  },
  ERR_UPLOAD_TIMEOUT: {
    reason: 'attachment-incomplete',
    detail: 'The file stopped arriving. Send it again.',
  },
  HPE_HEADER_OVERFLOW: {
    reason: 'headers-too-large',
    detail: 'The headers are larger than 16 kB. Clear the cookies of this site, or send fewer headers.',
  },
};
