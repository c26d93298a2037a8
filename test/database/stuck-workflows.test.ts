import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  claimWorkflowCheck,
  countStuckWorkflows,
  endWorkflowCheck,
  noteStuckWorkflow,
  suspectAfterChange,
  suspectWorkflows,
} from '../../database/accounts/stuck-workflows.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 4, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const pass = (seconds: number) =>
  sql`
    with renewed as (update stuck_workflows set renewed_at = renewed_at - ${seconds} * interval '1 second')
    update workflow_checks set suspected_at = suspected_at - ${seconds} * interval '1 second'`.execute(db);
const found = (stuck: readonly string[], mayBeStuckSoon = false) => ({ stuck, mayBeStuckSoon });
const claim = async () => (await claimWorkflowCheck(db)) ?? expect.fail('no look is due');

describe('looking for workflows that cannot go on', () => {
  it('is due a moment after one failed or another release began, and one worker has it', async () => {
    expect(await claimWorkflowCheck(db)).toBeUndefined();
    await suspectAfterChange(db, 'first');
    expect(await claimWorkflowCheck(db)).toBeUndefined();
    await pass(20);
    const claims = await Promise.all([claimWorkflowCheck(db), claimWorkflowCheck(db), claimWorkflowCheck(db)]);
    const [startedAt = expect.fail('nobody looks'), ...others] = claims.filter((at) => at !== undefined);
    expect(others).toEqual([]);
    await endWorkflowCheck(db, { startedAt, ...found([]) });
    await suspectAfterChange(db, 'first');
    await pass(20);
    expect(await claimWorkflowCheck(db)).toBeUndefined();
  });

  it('is repeated while some are stuck or may be soon, and for what failed during it', async () => {
    const id = await anAccount(db);
    await suspectWorkflows(db);
    for (const finding of [found([id]), found([], true)]) {
      await pass(20);
      await endWorkflowCheck(db, { startedAt: await claim(), ...finding });
    }
    await pass(20);
    const startedAt = await claim();
    await suspectWorkflows(db);
    await endWorkflowCheck(db, { startedAt, ...found([]) });
    await pass(20);
    await endWorkflowCheck(db, { startedAt: await claim(), ...found([]) });
    await pass(20);
    expect(await claimWorkflowCheck(db)).toBeUndefined();
  });
});

describe('a workflow that cannot go on', () => {
  it('is restarted at once, then later each time while that does not help, by one worker', async () => {
    const id = await anAccount(db);
    const begun = async () =>
      (await Promise.all([1, 2, 3].map(() => noteStuckWorkflow(db, id)))).filter(Boolean).length;
    expect(await begun()).toBe(1);
    await pass(50);
    expect(await begun()).toBe(0);
    await pass(20);
    expect(await begun()).toBe(1);
    await pass(70);
    expect(await begun()).toBe(0);
    await pass(60);
    expect(await begun()).toBe(1);
    const events = db.selectFrom('events').select('name').where('accountId', '=', id);
    expect(await events.execute()).toHaveLength(3);
  });

  it('counts as stuck until a look finds that it went on', async () => {
    await db.deleteFrom('stuckWorkflows').execute();
    const [healed, still] = [await anAccount(db), await anAccount(db)];
    for (const id of [healed, still]) await noteStuckWorkflow(db, id);
    expect(await countStuckWorkflows(db)).toMatchObject({ count: 2, since: expect.any(Date) });
    await suspectWorkflows(db);
    await pass(20);
    await endWorkflowCheck(db, { startedAt: await claim(), ...found([still]) });
    expect(await countStuckWorkflows(db)).toMatchObject({ count: 1 });
  });
});
