import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showColumns, takeOutdatedColumns } from '../../database/accounts/shown-columns.ts';
import { capturePage } from '../../database/capture/capture.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 2, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const outdated = async () => (await takeOutdatedColumns(db, 10)).map(({ id }) => id);
const pass = (minutes: number) =>
  sql`update shown_columns set shown_at = shown_at - ${minutes} * interval '1 minute'`.execute(db);
const change = (id: string, changes: { conditionType?: string | null; enabled?: boolean }) =>
  db.updateTable('accounts').set(changes).where('id', '=', id).execute();

async function anItem(accountId: string): Promise<void> {
  const { version } = await openCursor(db, accountId, 'inbox');
  const step = { version, link: 'link', complete: true, entries: 1 };
  const messages = [aMessage()];
  await capturePage(db, { accountId, folder: 'inbox', origin: 'walk', step, rejected: [], messages });
}

describe("what operators see of an account in Temporal's list", () => {
  it('is outdated a minute after other trouble, once, and only while its mailbox is read', async () => {
    const id = await anAccount(db, { conditionType: 'Throttled', signInAs: 'anna@contoso.example' });
    expect(await showColumns(db, id)).toEqual({ mailbox: 'shared', today: 0, trouble: 'Throttled' });
    await pass(20);
    expect(await outdated()).toEqual([]);
    await change(id, { conditionType: null });
    expect(await outdated()).toEqual([id]);
    expect(await outdated()).toEqual([]);
    await pass(2);
    await change(id, { enabled: false });
    expect(await outdated()).toEqual([]);
    await change(id, { enabled: true });
    expect(await outdated()).toEqual([id]);
    expect(await showColumns(db, id)).toEqual({ mailbox: 'shared', today: 0, trouble: null });
    await pass(20);
    expect(await outdated()).toEqual([]);
  });

  it('is outdated ten minutes after it was shown when mail came since, and when its day is over', async () => {
    const id = await anAccount(db);
    await showColumns(db, id);
    await anItem(id);
    await pass(5);
    expect(await outdated()).toEqual([]);
    await pass(6);
    expect(await outdated()).toEqual([id]);
    expect(await showColumns(db, id)).toMatchObject({ mailbox: 'own', today: 1 });
    expect(await outdated()).toEqual([]);
    await sql`update items set queued_at = queued_at - interval '1 day'`.execute(db);
    await pass(24 * 60);
    expect(await outdated()).toEqual([id]);
    expect(await showColumns(db, id)).toMatchObject({ today: 0 });
  });
});
