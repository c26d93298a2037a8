import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import type { WorkflowBundle } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../config/environment.ts';
import { openDatabase } from '../database/database.ts';
import { footingWords, logFooting } from '../database/processes/footing-words.ts';
import { keyProblemWords } from '../database/processes/key-proof.ts';
import { type Pulse, startPulse } from '../database/processes/pulse.ts';
import { findServerProblem } from '../database/processes/server-problem.ts';
import { createKeyRing } from '../encryption/key-ring.ts';
import { microsoftCloud } from '../graph/cloud.ts';
import { createApplicationTokens } from '../ingest/access/application-tokens.ts';
import { createAccountTokens } from '../ingest/access/mailbox-access.ts';
import { createClamav } from '../ingest/content/clamav.ts';
import { createBodyTexts } from '../ingest/message/body-text.ts';
import { exitWith, readConfigOrExit } from '../process/config-or-exit.ts';
import { describeError } from '../process/describe-error.ts';
import { exitOverListening } from '../process/exit-over-listening.ts';
import { logLastWords } from '../process/log-last-words.ts';
import { obeyOutboundProxy, proxyEnvironment } from '../process/outbound-proxy.ts';
import { untilAskedToStop } from '../process/stop-request.ts';
import { unwrapKeysOrExit } from '../process/unwrap-keys.ts';
import { startAnswer } from '../temporal/answer-starts.ts';
import { openTemporalClient, temporalAnswers } from '../temporal/client.ts';
import { createMailboxRuns } from '../temporal/mailbox-runs.ts';
import { createMailboxes } from '../temporal/mailboxes.ts';
import { startReaders } from '../temporal/readers.ts';
import { scheduleRetention, sweepNow } from '../temporal/retention-schedule.ts';
import { registerSearchAttributes } from '../temporal/search-attributes.ts';
import { startApplicationChecks } from './application-check.ts';
import { startAuditChain } from './audit-chain.ts';
import { startAuditStream } from './audit-stream/audit-stream.ts';
import { createOtlpReceiver } from './audit-stream/otlp-receiver.ts';
import { connectToTemporal } from './connection.ts';
import { createContentWorker } from './create-content-worker.ts';
import { createMailboxWorker } from './create-worker.ts';
import { startGuardian } from './guardian.ts';
import { startHealthServer, type WorkerReadiness } from './health-server.ts';
import { createLogger, installRuntime } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { startOffering } from './offering.ts';
import { runAgain } from './run-again.ts';
import { runTogether } from './run-together.ts';
import { startSearchIndexing } from './search-indexing.ts';
import { startReadersOfProcess } from './start-readers.ts';
import { bundleMailroomWorkflows } from './workflow-bundle.ts';
import { startWorkflowGuardian, type WorkflowGuardian } from './workflow-guardian.ts';

const REGISTERED_WITHIN_MS = 5_000;
const GUARDIANS_END_WITHIN_MS = 1_000;

const config = readConfigOrExit();
const logger = createLogger(config.log.level);
logLastWords(logger);
const stopRequest = untilAskedToStop();
obeyOutboundProxy(config.proxy);
let workflowGuardian: WorkflowGuardian | undefined;
installRuntime(logger, () => workflowGuardian?.suspect());
const serverProblem = await findServerProblem(config.database.url);
if (serverProblem) exitWith(serverProblem);
await run(config, logger);
// Creating a worker fails when Temporal goes away at that moment, and leaves a thread that would keep the process
// alive.
process.exit();

async function run(
  { api, audit, database, temporal, microsoft, encryption, content, proxy, worker: tuning }: Config,
  logger: Logger,
) {
  let isRunning = false;
  const keys = createKeyRing(await unwrapKeysOrExit(encryption.keys));
  const db = openDatabase({ ...database, applicationName: 'mailroom-worker' });
  const pulse = startPulse({
    db,
    keys,
    kind: 'worker',
    onChange: (footing) => logFooting(logger, footing),
    onRefused: (problem) => exitWith(keyProblemWords(problem)),
  });
  const client = openTemporalClient({ ...temporal, keys });
  const takesWork = async () => isRunning && (await temporalAnswers(client));
  const { healthPort } = tuning;
  const health = await startHealthServer(healthPort, () => readiness(pulse, takesWork), createMetrics(db)).catch(
    (error) => exitOverListening(error, { port: healthPort ?? 0, portVariable: 'WORKER_HEALTH_PORT' }),
  );
  // Before anything is read: the process ends here when its keys do not fit.
  await pulse.check();
  const cloud = microsoftCloud(microsoft.cloud, microsoft.cloud === 'simulator' ? microsoft.simulatorUrl : undefined);
  const { certificate } = microsoft;
  const { pollIntervalMs: pollMs, backstopIntervalMs: backstopMs, maxConcurrentPolls, readerShares: shares } = tuning;
  const bodyTexts = createBodyTexts();
  const applicationTokens = createApplicationTokens({ db, keys, cloud, certificate });
  const dependencies = {
    db,
    keys,
    cloud,
    certificate,
    tokens: createAccountTokens({ db, keys, cloud, certificate }, 'reading', applicationTokens),
    sendingTokens: createAccountTokens({ db, keys, cloud, certificate }, 'sending', applicationTokens),
    bodyTexts,
    contentCache: content,
    scanner: content.clamav && createClamav(content.clamav),
    watchIntervals: { pollMs, backstopMs },
    notificationUrl: api.notificationUrl,
    log: (event: string, facts: Readonly<Record<string, unknown>>) => logger.warn(facts, event),
    ...tuning,
  };
  const mailboxes = createMailboxes(client);
  // First, because mail flows without Temporal.
  const readers = startReadersOfProcess(dependencies, {
    mailboxes,
    database: { url: database.url, applicationName: 'mailroom-reader' },
    logger,
    shares,
    maxConcurrentPolls,
  });
  stopRequest.addEventListener('abort', () => void readers.stop());
  const endSearchIndexing = startSearchIndexing(db, logger);
  const endApplicationChecks = startApplicationChecks(dependencies, logger);
  const endOffering = startOffering(db, { url: database.url, applicationName: 'mailroom-offers' }, logger);
  const endAuditChain = startAuditChain({ db, keys, logger, keptDays: audit.keptDays });
  const endAuditStream =
    audit.stream &&
    startAuditStream({
      db,
      receiver: createOtlpReceiver({
        ...audit.stream,
        installation: api.publicUrl,
        proxyEnv: proxyEnvironment(proxy),
      }),
      logger,
    });
  /** Takes work from Temporal until asked to stop. Rejects when the connection is lost beyond what the SDK repairs. */
  async function work(workflowBundle: WorkflowBundle): Promise<void> {
    const connection = await connectToTemporal(temporal, logger, stopRequest);
    if (!connection) return;
    try {
      const { namespace } = temporal;
      const showsColumns = await registersAttributes(client, namespace, logger);
      const settings = { connection, workflowBundle, namespace, ...tuning };
      const worker = await createMailboxWorker({ ...dependencies, showsColumns }, settings);
      const placements = await readers.join({ connection, workflowBundle, namespace, showsColumns });
      const contents = await createContentWorker(dependencies, { connection, workflowBundle, namespace });
      const running = runTogether([worker, placements, contents]);
      const endGuardian = startGuardian(
        dependencies,
        mailboxes,
        {
          startAnswer: (answerId) => startAnswer(client, { answerId, waitMs: 0 }),
          scheduleRetention: () => scheduleRetention(client),
          sweepNow: () => sweepNow(client),
        },
        logger,
      );
      const bundle = createHash('sha256').update(workflowBundle.code).digest('hex');
      const runs = createMailboxRuns(client);
      workflowGuardian = startWorkflowGuardian({
        db,
        runs,
        mailboxes,
        shares,
        startReaders: () => startReaders(client, shares),
        logger,
        bundle,
      });
      const stop = () => {
        isRunning = false;
        running.shutdown();
      };
      isRunning = true;
      stopRequest.addEventListener('abort', stop);
      if (stopRequest.aborted) stop();
      logger.info('worker.started');
      process.send?.('ready');
      try {
        await running.ended;
      } finally {
        isRunning = false;
        stopRequest.removeEventListener('abort', stop);
        // A question to a Temporal that went away takes longer than a process may take to end.
        await Promise.race([Promise.all([endGuardian(), workflowGuardian.stop()]), sleep(GUARDIANS_END_WITHIN_MS)]);
      }
    } finally {
      await connection.close();
    }
  }
  try {
    const workflowBundle = await bundleMailroomWorkflows();
    await runAgain(() => work(workflowBundle), {
      signal: stopRequest,
      onFailure: (error, waitMs) => logger.error({ waitMs, ...describeError(error) }, 'worker.lost-temporal'),
    });
  } finally {
    await Promise.all([
      endSearchIndexing(),
      endOffering(),
      endApplicationChecks(),
      endAuditChain(),
      endAuditStream?.(),
    ]);
    await readers.stop();
    await pulse.stop();
    await Promise.all([client.connection.close(), db.destroy(), health.close(), bodyTexts.close()]);
  }
  logger.info('worker.stopped');
}

/** Whether Temporal knows our search attributes: a workflow that sets an unknown one cannot go on. */
async function registersAttributes(client: Client, namespace: string, logger: Logger): Promise<boolean> {
  try {
    await client.withDeadline(Date.now() + REGISTERED_WITHIN_MS, () =>
      registerSearchAttributes(client.connection as Connection, namespace),
    );
    return true;
  } catch (error) {
    logger.warn(describeError(error), 'temporal.registers-no-search-attributes');
    return false;
  }
}

async function readiness(pulse: Pulse, takesWork: () => Promise<boolean>): Promise<WorkerReadiness> {
  const { problem } = await pulse.check();
  if (problem) return { ready: false, reason: problem.reason, detail: footingWords(problem) };
  if (await takesWork()) return { ready: true, reason: 'works', detail: 'Everything is there.' };
  return { ready: false, reason: 'temporal-down', detail: 'Waiting for the Temporal server, or ending.' };
}
