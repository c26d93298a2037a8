import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../http/problem.ts';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** A refusal as a page, for addresses that people open. */
export function sendProblemPage(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  reply.headers(problem.headers);
  return sendPage(request, reply, problem.status, ({ problem: words, reference }) => ({
    title: words.titleOf(problem.kind),
    tone: 'bad',
    body: html`
<p>${words.explain(problem)}</p>
<p class="soft">${reference(request.id)}</p>
<p class="actions"><a class="button quiet" href="/">${words.toStart}</a></p>`,
  }));
}
