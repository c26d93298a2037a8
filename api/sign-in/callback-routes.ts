import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { SignInRefusal } from '../../contract/mailbox.ts';
import { recordSettingsFault } from '../../database/accounts/settings.ts';
import { claimSignIn, findConnectedAs, type ReturnedSignIn } from '../../database/sign-in/sign-in-returns.ts';
import { refuseSignIn } from '../../database/sign-in/sign-ins.ts';
import { isFailure } from '../../domain/failure.ts';
import { mayDo } from '../../domain/security-profile.ts';
import { parseSignInError } from '../../graph/entra/sign-in-error.ts';
import { failureFields } from '../../process/describe-error.ts';
import type { AttemptLimits } from '../access/attempt-limits.ts';
import type { Authentication } from '../access/authentication.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { page } from '../http/answers.ts';
import type { Cookies } from '../http/cookies.ts';
import { tokenHash } from '../http/random-token.ts';
import { sendPage } from '../pages/page.ts';
import { startAgainPath } from '../pages/routes.ts';
import {
  adminConsentPage,
  connectedPage,
  type EnteredMailbox,
  mishapPage,
  mishapStatus,
  type SignInMishap,
} from '../pages/sign-in-result-page.ts';
import { ADMIN_CONSENT_STATE } from '../settings/routes.ts';
import { readBoundState } from './browser-binding.ts';
import { OWNER_STATE } from './owner-proof.ts';
import { createOwnerReturn } from './owner-routes.ts';

/** Entra's codes have about 2,000 characters; no browser sends a longer parameter than this. */
const LONGEST_PARAMETER = 8_000;

/** Microsoft's redirect after a sign-in; ends on a page that says what happened. */
export function signInCallbackRoutes(
  dependencies: ApiDependencies,
  authentication: Authentication,
  limits: AttemptLimits,
  cookies: Cookies,
): FastifyPluginAsyncZod {
  const { db, keys, mailboxes } = dependencies;

  const returnOwner = createOwnerReturn(dependencies, { cookies, limits });

  type Outcome =
    | { readonly connected: ReturnedSignIn }
    | { readonly mishap: SignInMishap; readonly signIn?: ReturnedSignIn & EnteredMailbox };

  async function finish(request: FastifyRequest, query: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const bound = readBoundState(cookies, request, String(query.state ?? ''));
    // Nothing is used up: the browser that the attempt belongs to may still come back.
    if (bound.outcome !== 'bound') return { mishap: bound.outcome };
    const code = typeof query.code === 'string' && query.error === undefined ? query.code : undefined;
    const returned = await claimSignIn(db, keys, tokenHash(bound.token), code);
    if (!('signIn' in returned)) return { mishap: returned.outcome };
    const { signIn } = returned;
    if (returned.outcome !== 'returned') return { mishap: returned.outcome, signIn };
    if (code === undefined) return { mishap: await refuse(signIn, query), signIn };
    return await connect(signIn);
  }

  async function refuse(signIn: ReturnedSignIn, query: Readonly<Record<string, unknown>>): Promise<SignInMishap> {
    const error = parseSignInError(query);
    const failure = isFailure(error)
      ? { type: error.type, reason: error.reason, code: error.code, requestId: error.requestId }
      : { type: 'CredentialRejected' as const, code: error.code, requestId: error.requestId };
    await refuseSignIn(db, signIn, failure);
    if (isFailure(error, 'SettingsRejected')) await recordSettingsFault(db, error);
    return failure;
  }

  async function connect(signIn: ReturnedSignIn): Promise<Outcome> {
    const { accountId, address } = signIn;
    try {
      const result = await mailboxes.authenticate(
        { id: accountId, address },
        { id: randomUUID(), signInId: signIn.id },
      );
      if (result.ok) return { connected: signIn };
      return { mishap: result, signIn: { ...signIn, connectedAs: await findConnectedAs(db, signIn.id) } };
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { mishap: error satisfies SignInRefusal, signIn };
    }
  }

  return async (app) => {
    app.get(
      '/api/v1/email/sign-in/callback',
      {
        // A HEAD request would use up the attempt and show nothing.
        exposeHeadRoute: false,
        config: { permission: 'public', isPage: true },
        schema: {
          tags: ['Accounts'],
          summary: "Microsoft's way back after the sign-in to a mailbox",
          description: 'For browsers. Registered with the app registration as its redirect URI.',
          querystring: z
            .looseObject({
              state: z.string().max(LONGEST_PARAMETER).optional(),
              code: z.string().max(LONGEST_PARAMETER).optional(),
              error: z.string().max(LONGEST_PARAMETER).optional(),
              error_description: z.string().max(LONGEST_PARAMETER).optional(),
            })
            .catch({}),
          response: {
            200: page('The mailbox is connected.'),
            400: page('The sign-in is not known.'),
            403: page('Refused: declined, not approved, another account or browser, or it may not read the mailbox.'),
            409: page('The state of the account forbids it.'),
            410: page('The link expired or was used before.'),
            422: page('Microsoft refuses the global properties.'),
            503: page('Mailroom cannot finish at the moment.'),
          },
        },
      },
      async (request, reply) => {
        const { query } = request;
        const { state = '' } = query;
        if (state.startsWith(OWNER_STATE)) return await returnOwner(request, reply, query);
        const who = await authentication.authenticateBySession(request);
        const mayGoBack = who !== undefined && mayDo(who.profile, 'accounts.change');
        if (state === ADMIN_CONSENT_STATE) {
          if (query.error === undefined) return sendPage(request, reply, 200, adminConsentPage);
          const error = parseSignInError(query);
          const failure = isFailure(error) ? error : { type: 'CredentialRejected' as const, code: error.code };
          request.log.warn(failureFields(failure), 'admin-consent.refused');
          return sendPage(request, reply, 403, (words) =>
            mishapPage(words, failure, { entered: { address: words.mailbox.organisation }, mayGoBack }),
          );
        }
        const outcome = await finish(request, query);
        if ('connected' in outcome) {
          return sendPage(request, reply, 200, (words) => connectedPage(words, outcome.connected));
        }
        await limits.count('failed-way-back', request);
        const { mishap, signIn } = outcome;
        if (typeof mishap !== 'string') {
          request.log.warn({ accountId: signIn?.accountId, ...failureFields(mishap) }, 'sign-in.refused');
        }
        const mayStart = mayGoBack && signIn !== undefined && mishap !== 'removed';
        const view = {
          entered: signIn,
          startAgainPath: mayStart ? startAgainPath(signIn.accountId) : undefined,
          mayGoBack,
        };
        return sendPage(request, reply, mishapStatus(mishap), (words) => mishapPage(words, mishap, view));
      },
    );
  };
}
