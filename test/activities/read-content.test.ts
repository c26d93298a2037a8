import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ContentTarget } from '../../database/content/content-sources.ts';
import { takeContentTurn } from '../../database/content/content-turns.ts';
import { beginContent, completeContent, findContent, readChunks } from '../../database/content/contents.ts';
import { sweepContents } from '../../database/content/sweep-contents.ts';
import { createClamav } from '../../ingest/content/clamav.ts';
import { readContent } from '../../ingest/content/read-content.ts';
import { control } from '../graph/simulated-sign-in.ts';
import { EICAR, startClamd } from '../support/clamd.ts';
import { eventually } from '../support/eventually.ts';
import { aMail, type MailPart } from '../support/mime.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;
let clamd: Awaited<ReturnType<typeof startClamd>>;
let mailbox: { readonly id: string; readonly address: string };
beforeAll(async () => {
  [reader, clamd] = await Promise.all([startReader(), startClamd()]);
  mailbox = await reader.connect();
});
afterAll(async () => {
  await reader.stop();
  await clamd.stop();
});
afterEach(() => reader.control.clearFaults());

/** Delivers a mail with one attachment to the mailbox, and captures it. */
async function arrived(part: Partial<MailPart> = {}): Promise<ContentTarget> {
  const subject = randomUUID();
  const mail = aMail({ subject, parts: [{ name: 'a.bin', bytes: Buffer.from('content'), ...part }] });
  await control(reader.simulatorUrl, 'POST', `/control/mailboxes/${mailbox.address}/messages`, mail);
  await reader.drain(mailbox.id);
  const { id, messageId } = await reader.db
    .selectFrom('attachments')
    .innerJoin('messages', 'messages.id', 'attachments.messageId')
    .select(['attachments.id', 'messageId'])
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return { messageId, attachmentId: id };
}

const never = new AbortController().signal;
const read = (target: ContentTarget, signal = never, more = {}) =>
  readContent({ ...reader.dependencies, ...more }, target, signal);
const contents = (target: ContentTarget) =>
  reader.db.selectFrom('contents').selectAll().where('messageId', '=', target.messageId).execute();

describe('reading an attachment', () => {
  it('keeps its bytes, in pieces of a quarter megabyte', async () => {
    const bytes = randomBytes(600_000);
    const target = await arrived({ bytes });
    expect(await read(target)).toEqual({ outcome: 'kept' });
    const content = await findContent(reader.db, target);
    expect(content).toMatchObject({ size: 600_000, chunks: 3, verdict: null });
    const pieces: Uint8Array[] = [];
    for await (const piece of readChunks(reader.db, reader.dependencies.keys, content as NonNullable<typeof content>)) {
      pieces.push(piece);
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('leaves nothing behind when it is aborted, and another attempt reads it', async () => {
    const target = await arrived({ bytes: randomBytes(3_000_000) });
    const aborted = new AbortController();
    const reading = read(target, aborted.signal);
    const outcome = expect(reading).rejects.toThrow();
    await eventually(async () => expect(await contents(target)).toHaveLength(1));
    aborted.abort(new Error('asked to stop'));
    await outcome;
    await eventually(async () => expect(await contents(target)).toEqual([]));
    expect(await read(target)).toEqual({ outcome: 'kept' });
  });

  it('is done by the next worker after one that died in the middle, when its turn has run out', async () => {
    const target = await arrived();
    // What a killed process leaves: an attempt without an end, and its turn.
    await beginContent(reader.db, target);
    await takeContentTurn(reader.db, mailbox.id, { holder: randomUUID(), leaseMs: 700 });
    const startedAt = Date.now();
    expect(await read(target)).toEqual({ outcome: 'kept' });
    expect(Date.now() - startedAt).toBeGreaterThan(500);
    expect((await contents(target)).filter(({ completedAt }) => completedAt !== null)).toHaveLength(1);
  });

  it('by two attempts at once gives one content', async () => {
    const target = await arrived();
    const facts = { size: 1, chunks: 0, pictureType: null, risk: null, verdict: null, finding: null };
    const [first, second] = [await beginContent(reader.db, target), await beginContent(reader.db, target)];
    expect(await completeContent(reader.db, first, facts)).toBe(true);
    expect(await completeContent(reader.db, second, facts)).toBe(false);
  });

  it('says why it cannot be read for good', async () => {
    const target = await arrived();
    await reader.db
      .updateTable('attachments')
      .set({ size: 400_000_000 })
      .where('messageId', '=', target.messageId)
      .execute();
    expect(await read(target)).toEqual({ outcome: 'too-large' });
    await reader.db.deleteFrom('messages').where('id', '=', target.messageId).execute();
    expect(await read(target)).toEqual({ outcome: 'message-deleted' });
  });
});

describe('content that comes slowly', () => {
  const slowly = { kind: 'slow', endpoint: '$value', delayMs: 60_000, count: 1 };
  const short = { firstOwnMs: 200, lastOwnMs: 400, renewedEveryMs: 50, yieldsForMs: 100 };
  /** How many of the requests for content that are to be slow have not come yet. */
  const awaited = async () =>
    (await reader.control.call<{ faults: readonly unknown[] }>('GET', '/faults')).faults.length;

  it('lets other content of its mailbox pass, and is read again after it', async () => {
    const [slow, other] = [await arrived(), await arrived()];
    await reader.control.addFault(slowly);
    const reading = read(slow, never, { contentTurnTimes: short });
    await eventually(async () => expect(await awaited()).toBe(0));
    expect(await read(other)).toEqual({ outcome: 'kept' });
    expect(await reading).toEqual({ outcome: 'kept' });
  });

  it('keeps its turn where it is fast enough, and while no other waits', async () => {
    const [first, other] = [await arrived(), await arrived()];
    await reader.control.addFault({ ...slowly, delayMs: 1_000 });
    const ended: string[] = [];
    const note = (name: string) => (report: unknown) => {
      expect(report).toEqual({ outcome: 'kept' });
      ended.push(name);
    };
    const reading = read(first, never, { contentTurnTimes: { ...short, fastBytesPerSecond: 0 } }).then(note('first'));
    await eventually(async () => expect(await awaited()).toBe(0));
    await Promise.all([reading, read(other).then(note('other'))]);
    expect(ended).toEqual(['first', 'other']);
    await reader.control.addFault({ ...slowly, delayMs: 1_000 });
    expect(await read(await arrived(), never, { contentTurnTimes: short })).toEqual({ outcome: 'kept' });
  });
});

describe('a scanner', () => {
  const scanned = { scanner: undefined as ReturnType<typeof createClamav> | undefined };
  beforeAll(() => {
    scanned.scanner = createClamav(clamd);
  });

  it('finds a file clean, and says so beside it', async () => {
    const target = await arrived({ bytes: randomBytes(600_000) });
    await read(target, never, scanned);
    expect(await findContent(reader.db, target)).toMatchObject({ verdict: 'clean', finding: null });
  });

  it('that finds malware leaves what it found, and not the file', async () => {
    const target = await arrived({ bytes: Buffer.concat([randomBytes(300_000), EICAR]) });
    expect(await read(target, never, scanned)).toEqual({ outcome: 'kept' });
    const content = await findContent(reader.db, target);
    expect(content).toMatchObject({ verdict: 'infected', finding: 'Eicar-Signature', chunks: 0 });
    const left = await reader.db
      .selectFrom('contentChunks')
      .select('number')
      .where('contentId', '=', content?.id ?? '')
      .execute();
    expect(left).toEqual([]);
  });
});

describe('the cache', () => {
  const limits = { cacheBytes: 1_000_000_000, keptMs: 86_400_000 };
  const sweep = async (changed: Partial<typeof limits> = {}) => {
    while ((await sweepContents(reader.db, { ...limits, ...changed })) > 0);
  };
  const age = (target: ContentTarget, minutes: number) =>
    sql`update contents set used_at = now() - ${minutes} * interval '1 minute', started_at = now() - ${minutes} * interval '1 minute'
      where message_id = ${target.messageId}`.execute(reader.db);

  it('forgets what was not used for a day, and keeps the rest', async () => {
    const [old, used] = [await arrived(), await arrived()];
    await read(old);
    await read(used);
    await age(old, 1_441);
    await age(used, 1_400);
    await sweep();
    expect(await contents(old)).toEqual([]);
    expect(await contents(used)).toHaveLength(1);
  });

  it('that is full forgets what was used least recently, but not what is on its way to a browser', async () => {
    await reader.db.deleteFrom('contents').execute();
    const [older, newer, now] = [await arrived(), await arrived(), await arrived()];
    for (const target of [older, newer, now]) await read(target);
    await age(older, 30);
    await age(newer, 20);
    await sweep({ cacheBytes: 15 });
    expect(await contents(older)).toEqual([]);
    expect(await contents(newer)).toHaveLength(1);
    await sweep({ cacheBytes: 1 });
    expect(await contents(newer)).toEqual([]);
    expect(await contents(now)).toHaveLength(1);
  });

  it('forgets attempts that ended with their process, and never what the scanner found', async () => {
    const [dead, infected] = [await arrived(), await arrived({ bytes: EICAR })];
    await beginContent(reader.db, dead);
    await read(infected, never, { scanner: createClamav(clamd) });
    await age(dead, 20);
    await age(infected, 10_000);
    await sweep();
    expect(await contents(dead)).toHaveLength(1);
    await age(dead, 31);
    await sweep();
    expect(await contents(dead)).toEqual([]);
    expect(await contents(infected)).toMatchObject([{ verdict: 'infected' }]);
  });
});
