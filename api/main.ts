import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Config } from '../config/environment.ts';
import { openDatabase } from '../database/database.ts';
import { logFooting } from '../database/processes/footing-words.ts';
import { keyProblemWords } from '../database/processes/key-proof.ts';
import { startPulse } from '../database/processes/pulse.ts';
import { findServerProblem } from '../database/processes/server-problem.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import { microsoftCloud } from '../graph/cloud.ts';
import { createSignIn } from '../graph/entra/sign-in.ts';
import { exitOverConfig, exitWith, readConfigOrExit } from '../process/config-or-exit.ts';
import { describeError } from '../process/describe-error.ts';
import { exitOverListening } from '../process/exit-over-listening.ts';
import { logLastWords } from '../process/log-last-words.ts';
import { obeyOutboundProxy } from '../process/outbound-proxy.ts';
import { untilAskedToStop } from '../process/stop-request.ts';
import { unwrapKeysOrExit } from '../process/unwrap-keys.ts';
import { createSendingStarts } from '../temporal/answer-starts.ts';
import { openTemporalClient, temporalAnswers } from '../temporal/client.ts';
import { createContents } from '../temporal/contents.ts';
import { createMailboxes } from '../temporal/mailboxes.ts';
import { countPausedWorkflows } from '../temporal/paused-workflows.ts';
import { createApp } from './app.ts';
import { createChangeFeed } from './changes/change-feed.ts';
import { watchExpiry } from './health/expiry-watch.ts';
import { createRemoteImages } from './images/remote-images.ts';
import { createLogger } from './logger.ts';
import { findWebPages } from './pages/web-routes.ts';
import { keepFirstAdministrator } from './users/first-administrator.ts';

/** Time for running requests at shutdown; longer ones are commands, whose outcome the row shows. */
const STOP_WITHIN_MS = 5_000;

const config = readConfigOrExit();
const logger = createLogger(config.log.level);
logLastWords(logger);
const stopRequest = untilAskedToStop();
obeyOutboundProxy(config.proxy);
const serverProblem = await findServerProblem(config.database.url);
if (serverProblem) exitWith(serverProblem);
await run(config, logger).catch(exitOverConfig);

async function run(
  { api, database, temporal, microsoft, encryption, oidc, proxy, content }: Config,
  logger: Logger,
): Promise<void> {
  const keys = createKeyRing(await unwrapKeysOrExit(encryption.keys));
  const db = openDatabase({ ...database, applicationName: 'mailroom-api' });
  const pulse = startPulse({
    db,
    keys,
    kind: 'api',
    onChange: (footing) => logFooting(logger, footing),
    onRefused: (problem) => exitWith(keyProblemWords(problem)),
  });
  await pulse.check();
  const client = openTemporalClient({ ...temporal, keys });
  const cloud = microsoftCloud(microsoft.cloud, microsoft.cloud === 'simulator' ? microsoft.simulatorUrl : undefined);
  const changes = createChangeFeed(database.url, 'mailroom-api-changes');
  const sending = createSendingStarts(client, (error) => logger.warn(describeError(error), 'answer.not-started'));
  const app = await createApp({
    db,
    keys,
    mailboxes: createMailboxes(client),
    startSending: sending.start,
    contents: createContents(client),
    changes,
    footing: pulse.check,
    temporalAnswers: () => temporalAnswers(client),
    pausedWorkflows: () => countPausedWorkflows(client),
    certificate: microsoft.certificate,
    signIn: createSignIn(cloud),
    cloud,
    config: { api, oidc, temporal, content },
    webPages: findWebPages(),
    remoteImages: createRemoteImages({ proxy }),
    logger,
  });
  const { host, port } = api;
  await app
    .listen({ host, port })
    .catch((error) =>
      exitOverListening(error, { port, portVariable: 'API_PORT', host: { name: host, variable: 'API_HOST' } }),
    );
  const { firstAdministrator } = api;
  const administrator = keepFirstAdministrator(db, firstAdministrator, logger);
  const expiry = watchExpiry(db, logger, {
    ofFile: microsoft.certificate,
    ofSignOn: oidc?.clientKey?.certificate,
  });
  logger.info({ url: api.publicUrl }, 'api.started');
  process.send?.('ready');

  if (!stopRequest.aborted) await once(stopRequest, 'abort');
  const deadline = setTimeout(() => process.exit(1), STOP_WITHIN_MS);
  await Promise.all([administrator.stop(), expiry.stop()]);
  await app.close();
  await sending.close();
  await pulse.stop();
  await Promise.all([db.destroy(), changes.close(), client.connection.close()]);
  clearTimeout(deadline);
  logger.info('api.stopped');
}
