import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannedAccounts, plannedQueues } from '../../scripts/demo/plan.ts';
import { deliver, type RealMail, readRealMail } from '../../scripts/demo/real-mail.ts';
import { countsTable, type DemoItem, reasonsTable, waitForItems } from '../../scripts/demo/results.ts';
import { ensureQueues, saveRouting } from '../../scripts/demo/set-up.ts';
import { variedReasons } from '../../scripts/demo/varied-reasons.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** One real message, where it was delivered, and where it has to end by a computation of this test's own. */
interface Expectation {
  readonly mail: RealMail;
  readonly address: string;
  readonly queue: string;
  readonly subject: string;
  readonly from: string | undefined;
  readonly messageId: string | undefined;
}

interface Captured {
  readonly address: string;
  readonly queue: string;
  readonly subject: string;
  readonly fromAddress: string | null;
  readonly internetMessageId: string | null;
  readonly graphId: string;
}

/** Three of four delta pages are disturbed in one way or another. */
const disturbances = [
  { kind: 'duplicate-entries', probability: 0.5, seed: 1 },
  { kind: 'shuffled-entries', probability: 0.5, seed: 2 },
  { kind: 'empty-pages', probability: 0.2, seed: 3 },
  { kind: 'partial-updates', probability: 0.3, seed: 4 },
  { kind: 'missing-headers', probability: 0.3, seed: 5 },
  { kind: 'lost-sync-state', count: 2, probability: 0.2, seed: 6 },
  { kind: 'throttle', count: 3, probability: 0.2, seed: 7, retryAfterSeconds: 0.5 },
  { kind: 'unavailable', count: 3, probability: 0.2, seed: 8 },
  { kind: 'reset', count: 3, probability: 0.1, seed: 9 },
].map((fault) => ({ ...fault, endpoint: 'delta' }));

let stack: TestStack;
let expectations: readonly Expectation[];
/** By message id of the simulator. */
let captured: ReadonlyMap<string, readonly Captured[]>;
const delivered = new Map<string, Expectation>();

beforeAll(async () => {
  stack = await startTestStack({ DELTA_PAGE_SIZE: '20' });
  const simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
  const queueIds = await ensureQueues(stack.mailroom, plannedQueues);
  for (const planned of plannedAccounts) {
    const id = await connectAccount(stack, planned.address);
    await saveRouting(stack.mailroom, id, planned, queueIds);
  }
  for (const fault of disturbances) await simulator.addFault(fault);

  expectations = await Promise.all(readRealMail().map(expectationOf));
  for (const expectation of expectations) {
    const { immutableId } = await deliver(stack.simulatorUrl, expectation.address, expectation.mail);
    delivered.set(immutableId, expectation);
  }
  captured = await eventually(
    async () => {
      const found = await readCaptured();
      expect(found.size).toBe(expectations.length);
      return found;
    },
    { timeoutMs: 90_000, intervalMs: 500 },
  );
}, 150_000);
afterAll(() => stack.stop());

/** Reads a message with a MIME library, and decides where it goes without any code of the product. */
async function expectationOf(mail: RealMail, index: number): Promise<Expectation> {
  const planned = plannedAccounts[index % plannedAccounts.length] ?? expect.fail();
  const { subject = '', from, messageId } = await simpleParser(Buffer.from(mail.mime), { skipTextToHtml: true });
  return {
    mail,
    address: planned.address,
    queue: queueOf(subject, planned),
    subject: subject.trim(),
    from: from?.value.at(0)?.address,
    messageId,
  };
}

/** The first rule with a keyword that stands in the subject, compared letter by letter by ICU's primary collation. */
function queueOf(subject: string, { rules, defaultQueue }: (typeof plannedAccounts)[number]): string {
  const { compare } = new Intl.Collator('en', { sensitivity: 'accent', ignorePunctuation: false });
  const letters = [...subject.normalize('NFKC').replace(/\s+/gu, ' ')];
  const contains = (keyword: string) => {
    const { length } = [...keyword.normalize('NFKC')];
    return letters.some((_, at) => compare(letters.slice(at, at + length).join(''), keyword) === 0);
  };
  return rules.find(({ keywords }) => keywords.some(contains))?.queue ?? defaultQueue;
}

/** Longer subjects are cut, and end in an ellipsis. */
const LONGEST_SUBJECT = 10_000;

/** Where the library could not read everything (raw bytes of Latin-1), more may have been read. */
function isSubject(found: string, expected: string): boolean {
  if (expected.includes('\uFFFD') && !found.includes('\uFFFD')) return true;
  const storable = expected.replaceAll('\0', '\uFFFD');
  return found === (storable.length <= LONGEST_SUBJECT ? storable : `${storable.slice(0, LONGEST_SUBJECT - 1)}…`);
}

async function readCaptured(): Promise<ReadonlyMap<string, readonly Captured[]>> {
  const rows = await stack.db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .innerJoin('accounts', 'accounts.id', 'items.accountId')
    .innerJoin('queues', 'queues.id', 'items.queueId')
    .select(['accounts.address', 'queues.name as queue', 'subject', 'fromAddress', 'internetMessageId', 'graphId'])
    .execute();
  return Map.groupBy(rows, ({ graphId }) => graphId);
}

/** What the API lists of all accounts in all queues. */
async function listedItems(): Promise<readonly DemoItem[]> {
  const { queues } = await stack.mailroom.get<{ queues: { id: string }[] }>('/queues');
  const { accounts } = await stack.mailroom.get<{ accounts: { id: string }[] }>('/email/accounts');
  const accountIds = new Set(accounts.map(({ id }) => id));
  const queueIds = queues.map(({ id }) => id);
  return waitForItems(stack.mailroom, queueIds, accountIds, expectations.length, () => {});
}

const both = () => [...delivered].map(([id, expectation]) => ({ expectation, found: captured.get(id) ?? [] }));

describe('250 real messages, delivered to three mailboxes while delta is disturbed', () => {
  it('met the disturbances', async () => {
    const { faults } = await createSimulatorControl(stack.simulatorUrl).call<{
      faults: { kind: string; strikes: number }[];
    }>('GET', '/faults');
    // Those with a count are gone from the list once they struck as often as they should.
    const struck = faults.filter(({ strikes }) => strikes > 0).map(({ kind }) => kind);
    expect(struck).toEqual(expect.arrayContaining(['duplicate-entries', 'shuffled-entries', 'missing-headers']));
  });

  it('end each exactly once, in the mailbox to which they were sent', () => {
    expect(expectations).toHaveLength(250);
    expect(
      both().filter(({ found, expectation }) => found.length !== 1 || found[0]?.address !== expectation.address),
    ).toEqual([]);
  });

  it('are all listed by the API, page after page, as the demonstration shows them', async () => {
    const items = await listedItems();
    expect(new Set(items.map(({ id }) => id)).size).toBe(250);
    expect(
      countsTable(
        items,
        plannedAccounts.map(({ address }) => address),
      ),
    ).toMatch(/ 250 │/);
  });

  it('have varied reasons, of which the demonstration shows the same ten in whatever order they came', async () => {
    const items = await listedItems();
    const shown = variedReasons(items, 10);
    expect(variedReasons(items.toReversed(), 10)).toEqual(shown);
    expect(new Set(shown.map(({ queue }) => queue.name))).toEqual(new Set(plannedQueues));
    const reasons = shown.map(({ why }) => /^(Rule \d matched|.+)/.exec(why)?.[0]);
    expect(new Set(reasons)).toEqual(
      new Set([
        'The message has no subject, so it goes to the default queue.',
        'No rule matched the subject, so it goes to the default queue.',
        ...['1', '2', '3', '4'].map((position) => `Rule ${position} matched`),
      ]),
    );
    const table = reasonsTable(shown);
    for (const { queue } of shown) expect(table).toContain(queue.name);
  });

  it('end in the queue that an independent computation names', () => {
    const misrouted = both()
      .filter(({ found, expectation }) => found[0]?.queue !== expectation.queue)
      .map(({ found, expectation }) => ({
        mail: expectation.mail.name,
        expected: expectation.queue,
        found: found[0]?.queue,
      }));
    expect(misrouted).toEqual([]);
    expect(new Set(expectations.map(({ queue }) => queue)).size).toBeGreaterThan(6);
  });

  it('have subject, sender and Message-ID as a MIME library reads them', () => {
    const different = both().flatMap(({ found, expectation }) => {
      const [item] = found;
      const same =
        item !== undefined &&
        isSubject(item.subject, expectation.subject) &&
        (item.fromAddress ?? '') === (expectation.from ?? '') &&
        (expectation.messageId === undefined || item.internetMessageId === expectation.messageId);
      return same ? [] : [{ mail: expectation.mail.name, expected: { ...expectation, mail: undefined }, found: item }];
    });
    expect(different).toEqual([]);
  });

  it('have the subject that a second MIME library reads, wherever that one can read it', async () => {
    const read = await Promise.all(
      both().map(async ({ found, expectation }) => {
        const { subject = '' } = await PostalMime.parse(expectation.mail.mime).catch(() => ({ subject: undefined }));
        return subject.trim() === found[0]?.subject;
      }),
    );
    expect(read.filter(Boolean).length).toBeGreaterThan(225);
  });
});
