import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { guardRoutes } from './access/access.ts';
import { createAttemptLimits } from './access/attempt-limits.ts';
import { createAuthentication } from './access/authentication.ts';
import { completenessRoutes } from './accounts/completeness-routes.ts';
import { accountHistoryRoutes } from './accounts/history-routes.ts';
import { accountRoutes } from './accounts/routes.ts';
import { sendingRoutes } from './accounts/sending-routes.ts';
import { answerRoutes } from './answers/answer-routes.ts';
import { draftAttachmentRoutes, isDraftUpload } from './answers/draft-attachment-routes.ts';
import { draftRoutes } from './answers/draft-routes.ts';
import { sendRoutes } from './answers/send-routes.ts';
import { answerTextRoutes } from './answers/text-routes.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { applicationAccountRoutes } from './application-access/account-routes.ts';
import { applicationAccessRoutes } from './application-access/routes.ts';
import { attachmentRoutes } from './attachments/routes.ts';
import { shownContentRoutes } from './attachments/shown-routes.ts';
import { recordActs } from './audit/record-acts.ts';
import { auditRoutes } from './audit/routes.ts';
import { boardRoutes } from './board/routes.ts';
import { changeRoutes } from './changes/routes.ts';
import { createCodecPass } from './codec/codec-pass.ts';
import { codecRoutes } from './codec/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import type { ApiDependencies } from './dependencies.ts';
import { healthRoutes } from './health/routes.ts';
import { limitArrivalTime } from './http/arrival-time.ts';
import { createCookies } from './http/cookies.ts';
import { describeRoutes } from './http/describe-routes.ts';
import { answerErrors } from './http/error-answers.ts';
import { acceptOnlyJson, MAX_BODY_BYTES } from './http/json-bodies.ts';
import { describeApi, openDocs } from './http/openapi.ts';
import { logRequests } from './http/request-log.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { refuseStrangeQueries } from './http/strict-queries.ts';
import { refuseUnknownAddresses } from './http/unknown-addresses.ts';
import { answerBrokenRequest, answerTunnels, answerUnreadableAddress } from './http/unroutable-requests.ts';
import { valueWords } from './http/value-words.ts';
import { noteWritesOfRequests } from './http/write-outcomes.ts';
import { imageRoutes } from './images/routes.ts';
import { bulkRoutes } from './items/bulk-routes.ts';
import { noteRoutes } from './items/note-routes.ts';
import { itemRoutes } from './items/routes.ts';
import { unqueuedRoutes } from './items/unqueued-routes.ts';
import { workRoutes } from './items/work-routes.ts';
import { graphNotificationRoutes } from './notifications/routes.ts';
import { offerRoutes } from './offers/routes.ts';
import { pageRoutes } from './pages/routes.ts';
import { webPageRoutes } from './pages/web-routes.ts';
import { provisioningRoutes } from './provisioning/routes.ts';
import { queueRoutes } from './queues/routes.ts';
import { erasureRoutes } from './retention/erasure-routes.ts';
import { holdRoutes } from './retention/hold-routes.ts';
import { retentionRoutes } from './retention/routes.ts';
import { routingRoutes } from './routing/routes.ts';
import { routingTrialRoutes } from './routing/trial-routes.ts';
import { scimRoutes } from './scim/routes.ts';
import { searchRoutes } from './search/routes.ts';
import { sessionLimitRoutes } from './sessions/limit-routes.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { allowedAddressRoutes } from './settings/allowed-address-routes.ts';
import { certificateRoutes } from './settings/certificate-routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { signInCallbackRoutes } from './sign-in/callback-routes.ts';
import { connectRoutes } from './sign-in/connect-routes.ts';
import { ownerRoutes } from './sign-in/owner-routes.ts';
import { signOnRoutes } from './sign-on/routes.ts';
import { signOnSettingsRoutes } from './sign-on-settings/routes.ts';
import { teamRoutes } from './teams/routes.ts';
import { userRoutes } from './users/routes.ts';

/** Time for a request to arrive completely, its body included; a file that is attached may take longer, bit by bit. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often Node looks for requests that take too long: its default of 30 s would double their time. */
const TIMEOUT_CHECK_MS = 1_000;

/**
 * The API as a function of its dependencies. Does not listen yet; the caller closes it. Requests, their bodies
 * included, must arrive completely within `requestTimeoutMs`, and files must go on arriving in each such period.
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
    requestTimeout: 0,
    http: {
      headersTimeout: requestTimeoutMs,
      requestTimeout: 0, // limitArrivalTime
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
      // So that a request without a Host header is also refused with a problem document.
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
  limitArrivalTime(app.server, { requestTimeoutMs, isUpload: isDraftUpload });
  logRequests(app);

  await addSecurityHeaders(app, publicUrl);
  refuseUnknownAddresses(app);
  refuseStrangeQueries(app);
  await app.register(cookie);
  const cookies = createCookies(publicUrl);
  const codecPass = createCodecPass(keys, publicUrl);
  const authentication = createAuthentication(db, cookies, codecPass);
  const limits = createAttemptLimits(db);
  openDocs(app);
  recordActs(app, db);
  guardRoutes(app, authentication, limits, publicUrl, db);
  await describeApi(app, describeRoutes(app), publicUrl);

  await app.register(healthRoutes(dependencies));
  await app.register(settingsRoutes(dependencies));
  await app.register(allowedAddressRoutes(dependencies));
  await app.register(certificateRoutes(dependencies));
  await app.register(applicationAccessRoutes(dependencies));
  await app.register(applicationAccountRoutes(dependencies));
  await app.register(accountRoutes(dependencies, cookies));
  await app.register(accountHistoryRoutes(dependencies));
  await app.register(completenessRoutes(dependencies));
  await app.register(routingRoutes(dependencies));
  await app.register(retentionRoutes(dependencies));
  await app.register(holdRoutes(dependencies));
  await app.register(erasureRoutes(dependencies));
  await app.register(graphNotificationRoutes(dependencies));
  await app.register(routingTrialRoutes(dependencies));
  await app.register(unqueuedRoutes(dependencies));
  await app.register(connectRoutes(dependencies, authentication, { cookies, limits }));
  await app.register(ownerRoutes(dependencies, { cookies, limits }));
  await app.register(signInCallbackRoutes(dependencies, authentication, limits, cookies));
  await app.register(apiKeyRoutes(dependencies));
  await app.register(queueRoutes(dependencies));
  await app.register(itemRoutes(dependencies));
  await app.register(searchRoutes(dependencies));
  await app.register(boardRoutes(dependencies));
  await app.register(draftRoutes(dependencies));
  await app.register(draftAttachmentRoutes(dependencies));
  await app.register(sendRoutes(dependencies));
  await app.register(answerRoutes(dependencies));
  await app.register(answerTextRoutes(dependencies));
  await app.register(sendingRoutes(dependencies));
  await app.register(attachmentRoutes(dependencies));
  await app.register(shownContentRoutes(dependencies));
  await app.register(workRoutes(dependencies));
  await app.register(noteRoutes(dependencies));
  await app.register(offerRoutes(dependencies));
  await app.register(bulkRoutes(dependencies));
  await app.register(conversationRoutes(dependencies));
  await app.register(imageRoutes(dependencies));
  await app.register(userRoutes(dependencies));
  await app.register(teamRoutes(dependencies));
  await app.register(provisioningRoutes(dependencies));
  await app.register(scimRoutes(dependencies));
  await app.register(sessionRoutes(dependencies, { cookies, codecPass }));
  await app.register(sessionLimitRoutes(dependencies));
  await app.register(signOnSettingsRoutes(dependencies, { cookies }));
  await app.register(auditRoutes(dependencies));
  await app.register(changeRoutes(dependencies, authentication));
  await app.register(webPageRoutes(dependencies, authentication));
  await app.register(signOnRoutes(dependencies, { cookies, codecPass, limits }));
  await app.register(codecRoutes(dependencies));
  await app.register(pageRoutes(dependencies, authentication, cookies));
  return app;
}
