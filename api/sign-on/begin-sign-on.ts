import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StepUp } from './provider.ts';

export interface BeginOptions {
  readonly returnTo?: string | undefined;
  readonly loginHint?: string | undefined;
  readonly chooseAccount?: boolean | undefined;
  /** Who is to prove again who they are. */
  readonly again?: { readonly userId: string; readonly stepUp: StepUp } | undefined;
}

/** Sends a browser to the identity provider. */
export type BeginSignOn = (
  request: FastifyRequest,
  reply: FastifyReply,
  options: BeginOptions,
) => Promise<FastifyReply>;

/** The answer to a browser that is sent there, for the `response` of a route. */
export const redirectToProvider = z.undefined().describe('On to the identity provider.');
