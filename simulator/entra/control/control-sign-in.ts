import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EntraContext } from '../entra-context.ts';
import { readSignInMode, type SignInMode, writeSignInMode } from '../sign-in-mode.ts';
import { parseBody } from './control-reply.ts';

const SignInBody: z.ZodType<SignInMode> = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('interactive') }),
  z.strictObject({ mode: z.literal('auto'), as: z.email().optional() }),
  z.strictObject({ mode: z.literal('deny') }),
  z.strictObject({ mode: z.literal('admin-approval') }),
]);

/** `GET` and `PUT /control/sign-in`: how authorize answers without a person. */
export function registerControlSignIn(app: FastifyInstance, { database }: EntraContext): void {
  app.get('/control/sign-in', () => readSignInMode(database));
  app.put('/control/sign-in', (request) => {
    writeSignInMode(database, parseBody(SignInBody, request));
    return readSignInMode(database);
  });
}
