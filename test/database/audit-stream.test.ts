import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditStreamConfig } from '../../config/audit-stream.ts';
import { addAuditEntry } from '../../database/audit/add-entry.ts';
import { sealEntries } from '../../database/audit/seal-entries.ts';
import { readTrailState } from '../../database/audit/trail-state.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { auditHealth } from '../../domain/health.ts';
import { startAuditStream } from '../../worker/audit-stream/audit-stream.ts';
import { createOtlpReceiver } from '../../worker/audit-stream/otlp-receiver.ts';
import { aKeyRing } from '../support/builders.ts';
import { aCertificateAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { hashOf, startOtlpReceiver, type TestReceiver } from '../support/otlp-receiver.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const TURN_MS = 1_500;
const PATIENT = { timeoutMs: 15_000 };
const keys = aKeyRing();
let database: TestDatabase;
let db: Database;
let receiver: TestReceiver;
let lines: Record<string, unknown>[] = [];
const open: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'mailroom-test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await sql
    .raw(`
    begin;
    set local session_replication_role = 'replica';
    delete from audit_entries; delete from audit_seals; delete from audit_pending; delete from audit_anchors;
    delete from audit_stream; insert into audit_stream default values;
    commit`)
    .execute(db);
  lines = [];
  receiver = await startOtlpReceiver();
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await receiver.close();
});

async function sealed(count: number, outcome: 'done' | 'refused' = 'done'): Promise<void> {
  await sql`insert into audit_entries (act, outcome, actor, actor_name, address)
    select 'queue.add', ${outcome}, 'user:me', 'Anna Ü', '203.0.113.9' from generate_series(1, ${count})`.execute(db);
  while ((await sealEntries(db, keys))?.sealed);
}

function stream(config: Partial<AuditStreamConfig> = {}): void {
  const options = {
    url: receiver.url,
    headers: {},
    tls: {},
    installation: 'https://mailroom.example',
    exportWithinMs: 500,
    ...config,
  };
  const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
  open.push(startAuditStream({ db, receiver: createOtlpReceiver(options), logger, turnMs: TURN_MS, firstPauseMs: 50 }));
}

function streamElsewhere(): ChildProcess {
  const args = [database.url, receiver.url, String(TURN_MS)];
  const child = fork(join(import.meta.dirname, 'streaming-process.ts'), args, { execArgv: [] });
  open.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const numbers = () => receiver.records.map(({ number }) => number);
const all = (count: number) =>
  eventually(() => expect([...new Set(numbers())].toSorted((a, b) => a - b)).toEqual(upTo(count)), PATIENT);
const state = () => readTrailState(db);

describe('the stream of the audit trail', () => {
  it('sends what is sealed, in order, with what the receiver needs to verify the chain', async () => {
    await sealed(450);
    stream({ headers: { authorization: 'Bearer a token' } });
    await all(450);
    await sealed(1, 'refused');
    await all(451);
    expect(numbers()).toEqual(upTo(451));
    let previous = '0'.repeat(64);
    for (const record of receiver.records) {
      expect(hashOf(record, previous)).toBe(record.attributes['mailroom.audit.hash']);
      previous = hashOf(record, previous);
    }
    expect(receiver.records.at(-1)).toMatchObject({
      eventName: 'mailroom.audit',
      severityNumber: 13,
      attributes: {
        'mailroom.audit.act': 'queue.add',
        'mailroom.audit.actor_name': 'Anna Ü',
        'mailroom.audit.outcome': 'refused',
        'client.address': '203.0.113.9',
      },
    });
    expect(receiver.resource).toMatchObject({
      'service.name': 'mailroom',
      'service.instance.id': 'https://mailroom.example',
    });
    expect(receiver.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer a token',
      'content-type': 'application/x-protobuf',
    });
    await eventually(async () => expect((await state()).stream).toMatchObject({ waiting: 0, problem: null }));
  });

  it('misses nothing when its process is killed between the answer of the receiver and its own note', async () => {
    await sealed(1_000);
    let requests = 0;
    let killed: Promise<unknown> | undefined;
    const victim = streamElsewhere();
    receiver.answer(async () => {
      requests += 1;
      if (requests !== 3) return { status: 200 };
      victim.kill('SIGKILL');
      killed = once(victim, 'exit');
      await killed;
      return 'accept-and-close';
    });
    await eventually(() => expect(killed).toBeDefined(), PATIENT);
    streamElsewhere();
    await all(1_000);
    const repeated = numbers().filter((number, index) => numbers().indexOf(number) !== index);
    expect(repeated).toEqual(upTo(600).slice(400));
    expect(numbers()).toEqual([...upTo(600), ...upTo(1_000).slice(400)]);
  });

  it('is the work of one of many workers, and of another one when that ends', async () => {
    stream();
    stream();
    await sealed(300);
    await all(300);
    expect(numbers()).toEqual(upTo(300));
    await open.shift()?.();
    await sealed(10);
    await all(310);
    expect(numbers()).toEqual(upTo(310));
  });

  it.each([
    ['has an error', { status: 500 }, 'refuses-entries'],
    ['is overloaded', { status: 503 }, 'busy'],
    ['asks to wait', { status: 429, headers: { 'retry-after': '30' } }, 'busy'],
    ['refuses the credentials', { status: 401 }, 'refuses-us'],
    ['refuses what is sent', { status: 400 }, 'refuses-entries'],
    ['sends elsewhere', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'refuses-entries'],
    ['answers with a web page', 'web-page', 'refuses-entries'],
    ['closes the connection midway', 'close', 'unreachable'],
    ['does not answer', 'hang', 'timed-out'],
  ] as const)('loses nothing while the receiver %s, and says what is wrong', async (_, answer, problem) => {
    await sealed(5);
    receiver.answer(() => answer);
    stream();
    await eventually(async () => {
      expect((await state()).stream).toMatchObject({ waiting: 5, problem });
    }, PATIENT);
    // Neither acts nor the chain wait for it.
    await addAuditEntry(db, { act: 'queue.add', actor: 'user:me' }, 'done');
    expect(await sealEntries(db, keys)).toMatchObject({ sealed: 1 });
    receiver.answer(() => ({ status: 200 }));
    await all(6);
    expect(numbers()).toEqual(upTo(6));
    await eventually(async () =>
      expect((await state()).stream).toMatchObject({ waiting: 0, problem: null, failingSince: null }),
    );
    expect(lines.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['audit.could-not-stream', 'audit.stream-resumed']),
    );
  });

  it('gives up a receiver that answers byte by byte, and tries again', async () => {
    await sealed(3);
    let requests = 0;
    receiver.answer(() => (requests++ === 0 ? 'drip' : { status: 200 }));
    stream();
    await eventually(async () => expect((await state()).stream).toMatchObject({ problem: 'timed-out' }), {
      timeoutMs: 20_000,
    });
    await all(3);
  });

  it('goes on where a receiver is absent and comes back', async () => {
    const { url } = receiver;
    await receiver.close();
    await sealed(3);
    stream({ url });
    await eventually(async () => expect((await state()).stream).toMatchObject({ problem: 'unreachable' }), PATIENT);
    receiver = await startOtlpReceiver(undefined, Number(new URL(url).port));
    await all(3);
  });

  it('finds the size that a receiver takes, down to one entry at a time', async () => {
    await sealed(40);
    receiver.answer((sent) => ({ status: sent.length > 2 ? 413 : 200 }));
    stream();
    await all(40);
    expect(numbers()).toEqual(upTo(40));
  });

  it('goes on behind entries that the receiver took and did not keep, and counts them', async () => {
    await sealed(5);
    receiver.answer(() => ({ status: 200, rejected: 2 }));
    stream();
    await eventually(async () => expect((await state()).stream).toMatchObject({ waiting: 0, rejected: 2 }), PATIENT);
    expect(lines).toMatchObject([{ msg: 'audit.stream-rejected', rejected: 2, from: 1, to: 5 }]);
    expect(JSON.stringify(lines)).not.toContain('private');
  });

  it('speaks TLS with the authority and the client certificate that are configured, and with no other', async () => {
    const authority = await aCertificateAuthority();
    const other = await aCertificateAuthority('Another authority');
    const client = await authority.issue('mailroom');
    await receiver.close();
    receiver = await startOtlpReceiver({ ...(await authority.issue('localhost')), clientCa: authority.certificate });
    await sealed(2);
    const problemWith = async (tls: AuditStreamConfig['tls'], problem: string) => {
      stream({ tls });
      await eventually(async () => expect((await state()).stream).toMatchObject({ problem }), PATIENT);
      await open.pop()?.();
    };
    await problemWith({}, 'untrusted');
    await problemWith({ ca: other.certificate, cert: client.certificate, key: client.key }, 'untrusted');
    expect(receiver.requests).toEqual([]);
    stream({ tls: { ca: authority.certificate, cert: client.certificate, key: client.key } });
    await all(2);
  });
});

describe('the health of the trail', () => {
  it('is impaired when the receiver has not accepted entries for two minutes, and says how many wait', async () => {
    await sealed(2);
    receiver.answer(() => ({ status: 401 }));
    stream();
    await eventually(async () => expect((await state()).stream?.problem).toBe('refuses-us'), PATIENT);
    const known = await state();
    expect(auditHealth(known)).toMatchObject({ state: 'up' });
    expect(auditHealth(known, new Date(Date.now() + 121_000))).toMatchObject({
      state: 'impaired',
      reason: 'audit-not-streamed',
      facts: { waiting: 2, problem: 'refuses-us' },
    });
  });

  it('is impaired when entries wait for their seal, and knows when no worker streams', async () => {
    await addAuditEntry(db, { act: 'queue.add', actor: 'user:me' }, 'done');
    const known = await state();
    expect(known).toMatchObject({ stream: undefined });
    expect(auditHealth(known)).toMatchObject({ state: 'up', facts: { streamed: 'no' } });
    expect(auditHealth({ ...known, unsealedSeconds: 60 })).toMatchObject({ reason: 'audit-unsealed' });
  });
});
