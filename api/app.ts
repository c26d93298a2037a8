import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { guardRoutes } from './access.ts';
import { createAttemptLimits } from './attempt-limits.ts';
import { createAuthentication } from './authentication.ts';
import { createCodecPass } from './codec-pass.ts';
import { createCookies } from './cookies.ts';
import type { ApiDependencies } from './dependencies.ts';
import { describeRoutes } from './describe-routes.ts';
import { answerErrors } from './error-answers.ts';
import { acceptOnlyJson, MAX_BODY_BYTES } from './json-bodies.ts';
import { describeApi, openDocs } from './openapi.ts';
import { logRequests } from './request-log.ts';
import { accountHistoryRoutes } from './routes/account-history.ts';
import { accountRoutes } from './routes/accounts.ts';
import { changeRoutes } from './routes/changes.ts';
import { codecRoutes } from './routes/codec.ts';
import { completenessRoutes } from './routes/completeness.ts';
import { graphNotificationRoutes } from './routes/graph-notifications.ts';
import { healthRoutes } from './routes/health.ts';
import { itemRoutes } from './routes/items.ts';
import { pageRoutes } from './routes/pages.ts';
import { queueRoutes } from './routes/queues.ts';
import { routingRoutes } from './routes/routing.ts';
import { routingTrialRoutes } from './routes/routing-trials.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signInCallbackRoutes } from './routes/sign-in-callback.ts';
import { signOnRoutes } from './routes/sign-on.ts';
import { unqueuedRoutes } from './routes/unqueued.ts';
import { userRoutes } from './routes/users.ts';
import { webPageRoutes } from './routes/web-pages.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { refuseUnknownAddresses } from './unknown-addresses.ts';
import { answerBrokenRequest, answerTunnels, answerUnreadableAddress } from './unroutable-requests.ts';
import { valueWords } from './words/value-words.ts';
import { noteWritesOfRequests } from './write-outcomes.ts';

/** A request that is not complete by then is not meant seriously. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that take too long: its own 30 s would double their time. */
const TIMEOUT_CHECK_MS = 1_000;

/**
 * The API as a function of what it stands on. It listens nowhere yet; the caller closes it. A request, its body
 * included, has to be complete after `requestTimeoutMs`.
 */
export async function createApp(
  dependencies: ApiDependencies,
  { requestTimeoutMs = REQUEST_TIMEOUT_MS } = {},
): Promise<FastifyInstance> {
  const { db, keys, config, logger } = dependencies;
  const { publicUrl, trustProxy } = config.api;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
      // So that a request without it is refused in words, too.
      requireHostHeader: false,
    },
    trustProxy: trustProxy ? [...trustProxy] : false,
    routerOptions: { ignoreTrailingSlash: true },
    forceCloseConnections: true,
    frameworkErrors: answerUnreadableAddress,
    clientErrorHandler: answerBrokenRequest,
  });
  z.config({ customError: valueWords });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptOnlyJson(app);
  answerErrors(app);
  noteWritesOfRequests(app);
  answerTunnels(app);
  logRequests(app);

  await addSecurityHeaders(app, publicUrl);
  refuseUnknownAddresses(app);
  await app.register(cookie);
  const cookies = createCookies(publicUrl);
  const codecPass = createCodecPass(keys, publicUrl);
  const authentication = createAuthentication(db, cookies, codecPass);
  const limits = createAttemptLimits(db);
  openDocs(app);
  guardRoutes(app, authentication, limits, publicUrl);
  await describeApi(app, describeRoutes(app), publicUrl);

  await app.register(healthRoutes(dependencies));
  await app.register(settingsRoutes(dependencies));
  await app.register(accountRoutes(dependencies));
  await app.register(accountHistoryRoutes(dependencies));
  await app.register(completenessRoutes(dependencies));
  await app.register(routingRoutes(dependencies));
  await app.register(graphNotificationRoutes(dependencies));
  await app.register(routingTrialRoutes(dependencies));
  await app.register(unqueuedRoutes(dependencies));
  await app.register(signInCallbackRoutes(dependencies, authentication, limits));
  await app.register(queueRoutes(dependencies));
  await app.register(itemRoutes(dependencies));
  await app.register(userRoutes(dependencies));
  await app.register(changeRoutes(dependencies, authentication));
  await app.register(webPageRoutes(dependencies, authentication));
  await app.register(signOnRoutes(dependencies, { cookies, codecPass, limits }));
  await app.register(codecRoutes(dependencies));
  await app.register(pageRoutes(dependencies, authentication));
  return app;
}
