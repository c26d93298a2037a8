import { pino } from 'pino';
import { openDatabase } from '../../database/database.ts';
import { startAuditStream } from '../../worker/audit-stream/audit-stream.ts';
import { createOtlpReceiver } from '../../worker/audit-stream/otlp-receiver.ts';

// Streams the audit trail, in a process that a test can kill: node streaming-process.ts DATABASE RECEIVER TURN_MS
const [databaseUrl = '', url = '', turnMs = ''] = process.argv.slice(2);
const db = openDatabase({ url: databaseUrl, poolSize: 2, applicationName: 'mailroom-test' });
const receiver = createOtlpReceiver({ url, headers: {}, tls: {}, installation: 'http://localhost' });
startAuditStream({ db, receiver, logger: pino({ level: 'silent' }), turnMs: Number(turnMs) });
