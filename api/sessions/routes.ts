import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { endListedSession, endSessionsOf, listSessions } from '../../database/people/listed-sessions.ts';
import { findUser } from '../../database/people/users.ts';
import { principalOf } from '../access/access.ts';
import type { CodecPass } from '../codec/codec-pass.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import type { Cookies } from '../http/cookies.ts';
import { Problem } from '../http/problem.ts';
import { tokenHash } from '../http/random-token.ts';
import { Flag, IdParams } from '../http/values.ts';
import { EndedSessions, Sessions } from './schemas.ts';

const tags = ['Sessions'];

/** The browsers in which a person is signed in: one's own, and for administrators those of others. */
export function sessionRoutes({ db }: ApiDependencies, { cookies, codecPass }: SessionCookies): FastifyPluginAsyncZod {
  function current(request: FastifyRequest): Buffer | undefined {
    const token = cookies.read(request, 'session');
    return token === undefined ? undefined : tokenHash(token);
  }

  async function refuseUnknownUser(id: string): Promise<void> {
    if (await findUser(db, id)) return;
    throw new Problem('no-such-user', 'There is no such user. Take the id from GET /api/v1/users.');
  }

  return async (app) => {
    app.get(
      '/api/v1/me/sessions',
      {
        config: { permission: 'signed-in' },
        schema: {
          tags,
          summary: 'List your sessions',
          description: 'API keys have none.',
          response: { 200: answer(Sessions, 'The session that was used last comes first.') },
        },
      },
      async (request) => ({ sessions: [...(await listSessions(db, principalOf(request).id, current(request)))] }),
    );

    app.delete(
      '/api/v1/me/sessions',
      {
        config: { permission: 'signed-in' },
        schema: {
          tags,
          summary: 'Sign out everywhere',
          description: 'Live changes end within seconds.',
          querystring: z.strictObject({
            keepThis: Flag.optional().meta({ description: 'True: but the session of this request.' }),
          }),
          response: { 200: answer(EndedSessions, 'Signed out.') },
        },
      },
      async (request, reply) => {
        const { id, actor } = principalOf(request);
        const kept = request.query.keepThis ? current(request) : undefined;
        const ended = await endSessionsOf(db, actor, { userId: id, kept });
        if (kept === undefined && principalOf(request).kind === 'user') {
          cookies.clear(reply, 'session');
          codecPass.take(reply);
        }
        return { ended };
      },
    );

    app.delete(
      '/api/v1/me/sessions/:id',
      {
        config: { permission: 'signed-in', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'End one of your sessions',
          params: IdParams,
          response: { 204: empty('The session has ended.') },
        },
      },
      async (request, reply) => {
        const { id: userId, actor } = principalOf(request);
        if (!(await endListedSession(db, actor, { userId, id: request.params.id }))) {
          throw new Problem('no-such-session', 'You have no such session. Take the id from GET /api/v1/me/sessions.');
        }
        return await reply.code(204).send();
      },
    );

    app.get(
      '/api/v1/users/:id/sessions',
      {
        config: { permission: 'users.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: "List a user's sessions",
          params: IdParams,
          response: { 200: answer(Sessions, 'The session that was used last comes first.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        await refuseUnknownUser(id);
        return { sessions: [...(await listSessions(db, id, current(request)))] };
      },
    );

    app.delete(
      '/api/v1/users/:id/sessions',
      {
        config: { permission: 'users.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Sign a user out everywhere',
          description: 'The user may sign in again: disable the user to prevent it.',
          params: IdParams,
          response: { 200: answer(EndedSessions, 'Signed out.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        await refuseUnknownUser(id);
        return { ended: await endSessionsOf(db, principalOf(request).actor, { userId: id }) };
      },
    );
  };
}

interface SessionCookies {
  readonly cookies: Cookies;
  readonly codecPass: CodecPass;
}
