import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagLogLevel, diag, type LogRecord } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { AuditStreamConfig } from '../../config/audit-stream.ts';
import { StreamRefused, streamRefusal } from './stream-problem.ts';

/** Includes the exporter's own repetitions. */
const EXPORT_WITHIN_MS = 10_000;
/** The exporter's limit is one of silence: a receiver that answers byte by byte would hold it for ever. */
const GIVEN_UP_AFTER_FACTOR = 1.5;

/** Where records go. */
export interface AuditReceiver {
  /** Returns how many of them the receiver took and did not keep. Throws StreamRefused when it did not accept them. */
  send(records: readonly LogRecord[]): Promise<number>;
  close(): Promise<void>;
}

export interface OtlpReceiverOptions extends AuditStreamConfig {
  /** The address of this installation, by which the receiver tells several apart. */
  readonly installation: string;
  readonly exportWithinMs?: number;
  /** As `http.Agent` takes it. */
  readonly proxyEnv?: Readonly<Record<string, string>> | undefined;
}

/** A receiver of OpenTelemetry logs by OTLP over HTTP, with binary protobuf, which every receiver knows. */
export function createOtlpReceiver(options: OtlpReceiverOptions): AuditReceiver {
  const { url, headers, tls, proxyEnv, installation, exportWithinMs = EXPORT_WITHIN_MS } = options;
  let emitted: ReadableLogRecord[] = [];
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'mailroom', 'service.instance.id': installation }),
    processors: [
      {
        onEmit: (record) => void emitted.push(record),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  const logger = provider.getLogger('mailroom.audit');

  const agentOptions = { keepAlive: true, proxyEnv };
  const newExporter = () =>
    new OTLPLogExporter({
      url,
      headers: { ...headers },
      timeoutMillis: exportWithinMs,
      compression: CompressionAlgorithm.GZIP,
      concurrencyLimit: 1,
      httpAgentOptions: (protocol: string) =>
        protocol === 'https:' ? new https.Agent({ ...agentOptions, ...tls }) : new http.Agent(agentOptions),
    });
  let exporter = newExporter();

  // The exporter takes partial success, and whatever comes with a status of 200, for success, and says so to the library's
  // own log alone.
  let rejected = 0;
  let isWebPage = false;
  const quiet = () => {};
  diag.setLogger(
    {
      error: quiet,
      warn: (_, ...details) => {
        rejected += rejectedIn(details);
        isWebPage ||= details.some((detail) => detail instanceof Uint8Array && /^\s*</.test(`${Buffer.from(detail)}`));
      },
      info: quiet,
      debug: quiet,
      verbose: quiet,
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );

  return {
    async send(records) {
      emitted = [];
      for (const record of records) logger.emit(record);
      rejected = 0;
      isWebPage = false;
      const ended = new AbortController();
      const result = await Promise.race([
        new Promise<ExportResult>((resolve) => exporter.export(emitted, resolve)),
        sleep(exportWithinMs * GIVEN_UP_AFTER_FACTOR, undefined, { signal: ended.signal }).catch(() => undefined),
      ]);
      ended.abort();
      if (result === undefined) {
        exporter = newExporter();
        throw new StreamRefused('timed-out');
      }
      if (result.code !== ExportResultCode.SUCCESS) throw streamRefusal(result.error);
      if (isWebPage) throw new StreamRefused('refuses-entries', 200);
      return Math.min(rejected, records.length);
    },
    async close() {
      diag.disable();
      await Promise.race([exporter.shutdown(), sleep(100)]);
    },
  };
}

function rejectedIn(details: readonly unknown[]): number {
  const [, count] = /"rejectedLogRecords":"?(\d+)/.exec(details.map(String).join(' ')) ?? [];
  return Number(count ?? 0);
}
