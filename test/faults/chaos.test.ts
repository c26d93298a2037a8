import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checked } from '../../chaos/check/check-evidence.ts';
import { isKnown } from '../../chaos/check/finding.ts';
import { type ChaosVerdict, describeVerdict } from '../../chaos/report/verdict.ts';
import { runChaos } from '../../chaos/run-chaos.ts';
import type { Database } from '../../database/database.ts';

/** Half a minute of harm: one that is new to it is found by `npm run chaos`, which also prints how to repeat it. */
const SEED = 46;

const folder = mkdtempSync(join(tmpdir(), 'mailroom-chaos-test-'));
let stop = async () => {};
let verdict: ChaosVerdict;
/** What the checker finds once something was broken behind Mailroom's back, and how it was broken. */
const broken = new Map<string, readonly string[]>();

beforeAll(async () => {
  verdict = await runChaos({
    seed: SEED,
    minutes: 0.5,
    mailsPerMinute: 240,
    killsPerMinute: 10,
    harmsPerMinute: 36,
    accounts: 6,
    agents: 4,
    strict: false,
    folder,
    progress: { step: (work) => work(), tell: () => {}, warn: () => {} },
    onStart: (ends) => {
      stop = ends;
    },
    afterwards: async (db, check) => {
      for (const [name, breakIt] of sabotage) {
        await breakIt(db);
        broken.set(name, newFindings(await check()));
      }
    },
  });
}, 290_000);
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const seen = new Set<string>();
/** What was not found before. */
function newFindings({ findings }: Checked): readonly string[] {
  const fresh = findings.filter((finding) => !isKnown(finding) && !seen.has(finding.what));
  for (const { what } of fresh) seen.add(what);
  return fresh.map(({ verdict: name }) => name);
}

const anyMessage = sql`(select message_id from items where state = 'waiting' order by id limit 1)`;
const sabotage: readonly (readonly [string, (db: Database) => Promise<unknown>])[] = [
  [
    'a message with two copies',
    (db) =>
      sql`
        insert into messages
        select (jsonb_populate_record(messages, jsonb_build_object('id', uuidv7(), 'graph_id', 'a copy'))).*
        from messages where id = ${anyMessage}
      `.execute(db),
  ],
  [
    'an item in another queue',
    (db) =>
      sql`
        update items set queue_id = (select id from queues where id <> items.queue_id limit 1)
        where message_id = ${anyMessage}
      `.execute(db),
  ],
  [
    'a completed item that waits again',
    (db) =>
      sql`
        update items set state = 'waiting', claimed_by = null, completed_at = null
        where id = (select id from items where state = 'completed' order by id limit 1)
      `.execute(db),
  ],
  [
    'an account that is disabled in its row alone',
    (db) =>
      sql`
        update accounts set enabled = false where id = (select id from accounts where enabled order by id limit 1)
      `.execute(db),
  ],
  ['messages that are gone', (db) => sql`truncate messages cascade`.execute(db)],
];

describe('half a minute in which everything breaks', () => {
  it('breaks no promise', () => {
    expect(
      verdict.findings.filter((finding) => !isKnown(finding)),
      describeVerdict(verdict),
    ).toEqual([]);
    expect(verdict.passed).toBe(true);
  });

  it('did break things, while mail came and people worked', () => {
    const { counts, recoveries } = verdict;
    expect(counts.kills).toBe(5);
    expect(recoveries.length).toBeGreaterThan(8);
    expect(counts.mustBeRouted).toBeGreaterThan(50);
    expect(counts.completions).toBeGreaterThan(5);
  });

  it('leaves plan, history, ledger and verdict', () => {
    expect(readdirSync(folder).sort()).toEqual(['history.jsonl', 'ledger.json', 'logs', 'plan.json', 'verdict.json']);
  });
});

describe('the checker', () => {
  it.each([
    ['a message with two copies', ['mail doubled', 'message without an item']],
    ['an item in another queue', ['wrong queue']],
    ['a completed item that waits again', ['completion lost']],
    ['an account that is disabled in its row alone', ['change without a command']],
    ['messages that are gone', ['mail lost']],
  ])('finds %s', (name, verdicts) => {
    for (const each of verdicts) expect(broken.get(name)).toContain(each);
  });
});
