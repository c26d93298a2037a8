import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import type { Certificate } from './certificates.ts';

/** What the tests read of opentelemetry/proto/logs/v1 and collector/logs/v1. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceLogs resource_logs = 1; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeLogs { repeated LogRecord log_records = 2; }
  message LogRecord {
    fixed64 time_unix_nano = 1; int32 severity_number = 2; AnyValue body = 5; repeated KeyValue attributes = 6;
    string event_name = 12;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message Response { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
`);

/** One log record, as a SIEM stores it. */
export interface ReceivedRecord {
  readonly number: number;
  readonly eventName: string;
  readonly severityNumber: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** How a request is answered. `accept` also when the connection ends before the answer arrives. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly rejected?: number }
  | 'close'
  | 'hang'
  | 'drip'
  | 'web-page'
  | 'accept-and-close';

export interface TestReceiver {
  readonly url: string;
  /** What it confirmed, in order; also what it confirmed twice. */
  readonly records: readonly ReceivedRecord[];
  readonly resource: Readonly<Record<string, string | number>>;
  readonly requests: readonly { readonly headers: http.IncomingHttpHeaders; readonly size: number }[];
  /** Decides about each request; at first all are accepted. */
  answer(decide: (numbers: readonly number[]) => Answer | Promise<Answer>): void;
  close(): Promise<void>;
}

type WireAttribute = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
interface WireRecord {
  readonly eventName: string;
  readonly severityNumber: number;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly WireAttribute[];
}

const attributesOf = (list: readonly WireAttribute[] = []) =>
  Object.fromEntries(
    list.map(({ key, value }) => [key, 'intValue' in value ? Number(value.intValue) : String(value.stringValue)]),
  );

/** A receiver of OTLP logs. With a certificate it speaks TLS, with `clientCa` it asks for a client's. */
export async function startOtlpReceiver(
  tls?: Certificate & { readonly clientCa?: string; readonly host?: string },
  port = 0,
): Promise<TestReceiver> {
  const records: ReceivedRecord[] = [];
  const requests: { headers: http.IncomingHttpHeaders; size: number }[] = [];
  let resource = {};
  let decide: (numbers: readonly number[]) => Answer | Promise<Answer> = () => ({ status: 200 });

  async function receive(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const sent = root.lookupType('Request').decode(gunzipSync(await buffer(request)));
    const { resourceLogs = [] } = root.lookupType('Request').toObject(sent, { longs: Number });
    const received = resourceLogs[0].scopeLogs[0].logRecords.map((record: WireRecord): ReceivedRecord => {
      const { eventName, severityNumber, body } = record;
      const attributes = attributesOf(record.attributes);
      const number = Number(attributes['mailroom.audit.number']);
      return { number, eventName, severityNumber, body: body.stringValue, attributes };
    });
    resource = attributesOf(resourceLogs[0].resource.attributes);
    requests.push({ headers: request.headers, size: received.length });
    const answer = await decide(received.map(({ number }: ReceivedRecord) => number));
    if (answer === 'hang') return;
    if (answer === 'close') return void request.socket.destroy();
    if (answer === 'web-page') return void response.end('<!doctype html><title>Sign in</title>');
    if (answer === 'drip') {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      return void response.on('close', () => clearInterval(timer));
    }
    if (answer === 'accept-and-close' || answer.status === 200) records.push(...received);
    if (answer === 'accept-and-close') return void request.socket.destroy();
    const { status, headers = {}, rejected } = answer;
    const partialSuccess = rejected ? { rejectedLogRecords: rejected, errorMessage: 'a private line' } : undefined;
    const Response = root.lookupType('Response');
    response.writeHead(status, { 'content-type': 'application/x-protobuf', ...headers });
    response.end(Response.encode(Response.fromObject(partialSuccess ? { partialSuccess } : {})).finish());
  }

  const listener = (request: http.IncomingMessage, response: http.ServerResponse) =>
    void receive(request, response).catch(() => request.socket.destroy());
  const server = tls
    ? https.createServer(
        {
          cert: tls.certificate,
          key: tls.key,
          ...(tls.clientCa && { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
        },
        listener,
      )
    : http.createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${bound}/v1/logs`,
    records,
    requests,
    get resource() {
      return resource;
    },
    answer: (next) => {
      decide = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const sha256 = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The hash that an entry has in the chain, computed from what arrived alone: docs/operations.md has it in words. */
export function hashOf({ number, body, attributes }: ReceivedRecord, previous: string): string {
  const place = `${number}|${attributes['mailroom.audit.entry']}|`;
  return sha256(Buffer.from(previous, 'hex'), place, sha256(body)).toString('hex');
}
