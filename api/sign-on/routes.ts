import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { admitUser } from '../../database/people/admit-user.ts';
import { endSession } from '../../database/people/sessions.ts';
import { findSignOnSettings } from '../../database/people/sign-on-settings.ts';
import {
  addSingleSignOn,
  SINGLE_SIGN_ON_MAX_AGE_SECONDS,
  takeSingleSignOn,
} from '../../database/people/single-sign-ons.ts';
import type { AttemptLimits } from '../access/attempt-limits.ts';
import { nameActor } from '../audit/record-acts.ts';
import type { CodecPass } from '../codec/codec-pass.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, page } from '../http/answers.ts';
import type { Cookies } from '../http/cookies.ts';
import { Problem } from '../http/problem.ts';
import { randomToken, randomTokenForm, tokenHash } from '../http/random-token.ts';
import { Flag } from '../http/values.ts';
import { sendPage } from '../pages/page.ts';
import { signedOutPage, signOnRefusalPage, signOnRefusalStatus } from '../pages/sign-on-pages.ts';
import { backChannelRoutes } from './back-channel-routes.ts';
import { type BeginOptions, redirectToProvider } from './begin-sign-on.ts';
import { browserWords } from './browser-words.ts';
import { claimValues } from './claim-values.ts';
import { clientProofOf, createSignOnProvider, type SignOnProvider } from './provider.ts';
import { safeReturnPath } from './return-path.ts';
import { SignOnRefused } from './sign-on-refused.ts';
import { isRecentSignIn, STEPPED_UP_PATH, stepUpRoutes } from './step-up-routes.ts';

const tags = ['Signing in'];
const CALLBACK_PATH = '/auth/callback';

/** OpenID Connect Core 1.0, section 4. Providers add parameters of their own. */
const Initiation = z.looseObject({
  iss: z.string().max(2_000).optional(),
  login_hint: z.string().max(2_000).optional(),
  target_link_uri: z.string().max(2_000).optional(),
});

/** Signing in to Mailroom at the identity provider, and signing out. */
export function signOnRoutes(
  dependencies: ApiDependencies,
  { cookies, codecPass, limits }: SigningOn,
): FastifyPluginAsyncZod {
  const { db, keys, config } = dependencies;
  const { publicUrl } = config.api;
  const provider = config.oidc && createSignOnProvider(config.oidc, `${publicUrl}${CALLBACK_PATH}`);

  function getProvider(): SignOnProvider {
    if (provider) return provider;
    throw new Problem(
      'no-identity-provider',
      'No identity provider is configured, so only API keys work. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.',
    );
  }

  /** Stores the attempt, bound to this browser, and redirects the browser. Several tabs share one cookie. */
  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    { returnTo, loginHint, chooseAccount = false, again }: BeginOptions,
  ): Promise<FastifyReply> {
    const provider = getProvider();
    await limits.count('sign-in', request);
    const { claim } = await findSignOnSettings(db);
    const stepUp = again?.stepUp;
    const { url, state, nonce, codeVerifier } = await provider.begin({ loginHint, chooseAccount, claim, stepUp });
    const known = cookies.read(request, 'signIn');
    const browser = known !== undefined && randomTokenForm.test(known) ? known : randomToken();
    await addSingleSignOn(db, keys, {
      stateHash: tokenHash(state),
      nonce,
      codeVerifier,
      returnTo: again ? STEPPED_UP_PATH : safeReturnPath(returnTo, publicUrl),
      stepUpOf: again?.userId,
      browserHash: tokenHash(browser),
    });
    cookies.write(reply, 'signIn', browser, SINGLE_SIGN_ON_MAX_AGE_SECONDS);
    return reply.redirect(url, 303);
  }

  /** Creates the session and returns the path to go to. Throws SignOnRefused when the person may not sign in. */
  async function finish(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const callback = new URL(`${publicUrl}${CALLBACK_PATH}`);
    callback.search = request.url.split('?').slice(1).join('?');
    const state = callback.searchParams.get('state') ?? '';
    const browser = cookies.read(request, 'signIn') ?? '';
    const attempt = await takeSingleSignOn(db, keys, { stateHash: tokenHash(state), browserHash: tokenHash(browser) });
    if (!attempt) throw new SignOnRefused('unknown-attempt');
    const { nonce, codeVerifier, returnTo, startedAt, stepUpOf } = attempt;
    const { claim, ...settings } = await findSignOnSettings(db);
    const finished = await getProvider().finish(callback, { state, nonce, codeVerifier }, claim);
    const { identity, claims, isClaimUnknown, idToken, sid, authenticatedAt, acr } = finished;
    if (stepUpOf !== undefined && !isRecentSignIn(finished, settings)) throw new SignOnRefused('not-recent');

    const before = cookies.read(request, 'session');
    const token = randomToken();
    const idHash = tokenHash(token);
    const [address] = identity.emails;
    const decision = await admitUser(db, keys, {
      identity,
      startedAt,
      valuesOf: (name) => (isClaimUnknown ? 'left-out' : claimValues(claims, name)),
      session: {
        idHash,
        providerSession: idToken,
        providerSid: sid,
        ...browserWords(request.headers['user-agent']),
        address: request.ip,
        authenticatedAt,
        acr,
      },
      replaces: before === undefined ? undefined : tokenHash(before),
      stepUpOf,
      onFound: (userId) => nameActor(request, { actor: `user:${userId}`, actorName: address ?? null }, userId),
    });
    if (!decision.admitted) throw new SignOnRefused(decision.because, { address });
    const { maxAgeSeconds } = decision;
    cookies.write(reply, 'session', token, maxAgeSeconds);
    codecPass.give(reply, idHash, maxAgeSeconds);
    await limits.forgive('sign-in', request);
    return returnTo;
  }

  async function initiate(request: FastifyRequest, reply: FastifyReply, given: z.output<typeof Initiation>) {
    const { issuer } = getProvider();
    if (given.iss !== undefined && given.iss !== issuer) {
      return refuse(request, reply, new SignOnRefused('other-issuer'));
    }
    const target = URL.parse(given.target_link_uri ?? '');
    const returnTo = target?.origin === publicUrl ? `${target.pathname}${target.search}` : undefined;
    return await begin(request, reply, { returnTo, loginHint: given.login_hint });
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, error: SignOnRefused): FastifyReply {
    request.refusedBecause = error.reason;
    request.log.info({ reference: request.id, reason: error.reason }, 'sign-on.refused');
    return sendPage(request, reply, signOnRefusalStatus(error), (words) => signOnRefusalPage(words, error, request.id));
  }

  return async (app) => {
    await app.register(formbody);
    await app.register(backChannelRoutes(dependencies, getProvider, limits));
    await app.register(stepUpRoutes(dependencies, cookies, begin));

    app.get(
      '/auth/sign-in',
      {
        config: { permission: 'public', isPage: true, problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Sign in',
          description: 'For browsers: leads to the identity provider, and back to `returnTo`, a path of Mailroom.',
          querystring: z.object({ returnTo: z.string().max(2_000).optional(), chooseAccount: Flag.optional() }),
          response: { 303: redirectToProvider },
        },
      },
      async (request, reply) => await begin(request, reply, request.query),
    );

    app.get(
      CALLBACK_PATH,
      {
        // A HEAD request would use up the attempt and show nothing.
        exposeHeadRoute: false,
        config: { permission: 'public', isPage: true, problems: ['not-found'] },
        schema: {
          tags,
          summary: 'The way back from the identity provider',
          description: 'For browsers. Register it with the identity provider as the redirect URI.',
          response: {
            303: z.undefined().describe('Signed in; on to the page that was wanted.'),
            400: page('The sign-in is not known, or its answer cannot be used.'),
            403: page('Not added, disabled, or a different identity: in words.'),
            503: page('The identity provider does not answer, or refuses Mailroom.'),
          },
        },
      },
      async (request, reply) => {
        try {
          return reply.redirect(await finish(request, reply), 303);
        } catch (error) {
          if (!(error instanceof SignOnRefused)) throw error;
          await limits.count('failed-way-back', request);
          return refuse(request, reply, error);
        }
      },
    );

    app.get(
      '/auth/initiate',
      {
        config: { permission: 'public', isPage: true, problems: ['not-found'] },
        schema: {
          tags,
          summary: "Sign in from the provider's dashboard of apps",
          description: 'Third-party initiated login: OpenID Connect Core 1.0, section 4.',
          querystring: Initiation,
          response: { 303: redirectToProvider, 400: page('Another identity provider sent the browser.') },
        },
      },
      async (request, reply) => await initiate(request, reply, request.query),
    );

    app.post(
      '/auth/initiate',
      {
        config: { permission: 'public', isPage: true, problems: ['not-found'] },
        schema: {
          tags,
          summary: "Sign in from the provider's dashboard of apps, by form",
          description: 'Third-party initiated login: OpenID Connect Core 1.0, section 4.',
          consumes: ['application/x-www-form-urlencoded'],
          body: Initiation,
          response: { 303: redirectToProvider, 400: page('Another identity provider sent the browser.') },
        },
      },
      async (request, reply) => await initiate(request, reply, request.body),
    );

    app.get(
      '/auth/jwks',
      {
        config: { permission: 'public' },
        schema: {
          tags,
          summary: 'Read the public key for the identity provider',
          description:
            'A JSON Web Key Set (RFC 7517) with the key of OIDC_CLIENT_KEY, for providers that read it here. Empty without one.',
          response: { 200: answer(z.object({ keys: z.array(z.looseObject({})) }), 'The public key.') },
        },
      },
      async () => {
        const publicKey = config.oidc && (await clientProofOf(config.oidc).publicKey?.());
        return { keys: publicKey ? [publicKey] : [] };
      },
    );

    app.post(
      '/auth/sign-out',
      {
        config: { permission: 'signed-in' },
        schema: {
          tags,
          summary: 'Sign out',
          description: 'Ends the session. `signOutUrl` is where one signs out at the identity provider, too.',
          response: {
            200: {
              description: 'Signed out.',
              content: {
                'application/json': { schema: z.object({ signOutUrl: z.string().nullable() }) },
                'text/html': { schema: z.string() },
              },
            },
          },
        },
      },
      async (request, reply) => {
        const token = cookies.read(request, 'session');
        const idToken = token === undefined ? undefined : await endSession(db, keys, tokenHash(token));
        cookies.clear(reply, 'session');
        codecPass.take(reply);
        const signOutUrl = await provider?.signOutUrl(idToken, `${publicUrl}/`);
        if (request.headers.accept?.includes('text/html')) {
          return sendPage(request, reply, 200, (words) => signedOutPage(words, signOutUrl));
        }
        return { signOutUrl: signOutUrl ?? null };
      },
    );
  };
}

interface SigningOn {
  readonly cookies: Cookies;
  readonly codecPass: CodecPass;
  readonly limits: AttemptLimits;
}
