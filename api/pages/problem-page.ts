import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../problem.ts';
import { problemKinds } from '../problem-kinds.ts';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** A refusal as a page, for addresses that people open. */
export function sendProblemPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  reply.headers(problem.headers);
  return sendPage(reply, problem.status, {
    title: problemKinds[problem.kind].title,
    tone: 'bad',
    body: html`
<p>${problem.message}</p>
<p class="soft">Reference: ${request.id}</p>
<p class="actions"><a class="button quiet" href="/">To the start page</a></p>`,
  });
}
