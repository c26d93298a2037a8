import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptCommand, type CommandName, forgetCommands } from '../../database/accounts/account-commands.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { removeAccount } from '../../database/accounts/account-removal.ts';
import { openSignIn } from '../../database/accounts/account-sign-in.ts';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase } from '../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const actor = 'user:test';

/** A command that was accepted now. */
async function accepted(accountId: string, name: CommandName, id = randomUUID()) {
  const { number } = await acceptCommand(db, { id, accountId, name });
  return { id, number };
}
const pause = (accountId: string, command: { id: string; number: number }) =>
  pauseAccount(db, accountId, actor, command);
const resume = (
  accountId: string,
  command: { id: string; number: number },
  mode: 'catch-up' | 'from-now' = 'catch-up',
) => resumeAccount(db, accountId, { actor, mode, ...command });

async function eventsOf(accountId: string): Promise<string[]> {
  const rows = await db.selectFrom('events').select('name').where('accountId', '=', accountId).orderBy('id').execute();
  return rows.map(({ name }) => name);
}

describe('a command', () => {
  it('changes what is not so, and says of the rest that it was so already', async () => {
    const id = await anAccount(db);
    expect(await pause(id, await accepted(id, 'pause'))).toMatchObject({ outcome: 'done', state: 'paused' });
    expect(await pause(id, await accepted(id, 'pause'))).toMatchObject({ outcome: 'unchanged', state: 'paused' });
    expect(await eventsOf(id)).toEqual(['account.paused']);
  });

  it('that is carried out by two attempts at once changes the account once, and both answer the same', async () => {
    const id = await anAccount(db);
    const command = await accepted(id, 'pause');
    const [first, second] = await Promise.all([pause(id, command), pause(id, command)]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ outcome: 'done' });
    expect(await eventsOf(id)).toEqual(['account.paused']);
  });

  it('that is repeated gets its first outcome, also after another one', async () => {
    const id = await anAccount(db);
    const command = await accepted(id, 'pause');
    const first = await pause(id, command);
    await resume(id, await accepted(id, 'resume'));
    expect(await pause(id, command)).toEqual(first);
    const repeated = await acceptCommand(db, { id: command.id, accountId: id, name: 'pause' });
    expect(repeated).toEqual({ number: command.number, attempts: 2, record: first });
    expect(await findAccountFacts(db, id)).toMatchObject({ enabled: true });
  });

  it('that comes late, after a later one was carried out, changes nothing', async () => {
    const id = await anAccount(db);
    const [early, late] = [await accepted(id, 'pause'), await accepted(id, 'resume')];
    expect(await resume(id, late)).toMatchObject({ outcome: 'unchanged' });
    expect(await pause(id, early)).toMatchObject({ outcome: 'overtaken', state: 'authenticated' });
    expect(await findAccountFacts(db, id)).toMatchObject({ enabled: true });
    expect(await eventsOf(id)).toEqual([]);
    expect(await pause(id, await accepted(id, 'pause'))).toMatchObject({ outcome: 'done' });
  });

  it('to resume from now on moves the beginning once', async () => {
    const id = await anAccount(db, { enabled: false });
    const beginning = async () => {
      const row = db.selectFrom('accounts').select('captureFrom').where('id', '=', id);
      return (await row.executeTakeFirstOrThrow()).captureFrom;
    };
    const command = await accepted(id, 'resume');
    await resume(id, command, 'from-now');
    const moved = new Date('2026-01-01T00:00:00Z');
    await db.updateTable('accounts').set({ captureFrom: moved }).where('id', '=', id).execute();
    await resume(id, command, 'from-now');
    await resume(id, await accepted(id, 'resume'), 'from-now');
    expect(await beginning()).toEqual(moved);
  });

  it('is refused by an account that is removed, whose removal is told again as it was', async () => {
    const id = await anAccount(db);
    const removal = await accepted(id, 'remove');
    const receipt = await removeAccount(db, id, actor, { ...removal, notificationsEnded: true });
    expect(receipt).toMatchObject({ tokensDeleted: false, notificationsEnded: true, itemsKept: 0 });
    expect(await removeAccount(db, id, actor, removal)).toEqual(receipt);
    await expect(pause(id, await accepted(id, 'pause'))).rejects.toMatchObject({ type: 'InvalidTransition' });
    expect(await eventsOf(id)).toEqual(['account.removed']);
  });

  it('to wait for a sign-in that was taken back changes nothing', async () => {
    const id = await anAccount(db, { signIn: 'expired' });
    const command = { actor, id: randomUUID(), signInId: randomUUID() };
    expect(await openSignIn(db, id, command)).toMatchObject({ outcome: 'unchanged', state: 'sign-in-expired' });
    expect(await eventsOf(id)).toEqual([]);
  });

  it('is accepted while the row is locked, and says within its attempt that it cannot be carried out', async () => {
    const id = await anAccount(db);
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom('accounts').select('id').where('id', '=', id).forUpdate().execute();
      const command = await accepted(id, 'pause');
      const startedAt = performance.now();
      await expect(pause(id, command)).rejects.toMatchObject({ code: '55P03' });
      expect(performance.now() - startedAt).toBeLessThan(2_500);
    });
  });

  it('is forgotten after a week', async () => {
    const id = await anAccount(db);
    const [old, young] = [await accepted(id, 'pause'), await accepted(id, 'pause')];
    const past = sql<Date>`now() - interval '8 days'`;
    await db.updateTable('accountCommands').set({ acceptedAt: past }).where('id', '=', old.id).execute();
    await forgetCommands(db);
    const left = await db.selectFrom('accountCommands').select('id').where('accountId', '=', id).execute();
    expect(left).toEqual([{ id: young.id }]);
  });
});

describe('a process that stands still in the middle of a transaction', () => {
  it('holds the row for less than ten seconds', async () => {
    const id = await anAccount(db);
    const still = openDatabase({ url: database.url, poolSize: 1, applicationName: 'still' });
    const isLocked = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const standing = still.transaction().execute(async (trx) => {
      await trx.selectFrom('accounts').select('id').where('id', '=', id).forUpdate().execute();
      isLocked.resolve();
      await goesOn.promise;
    });
    await isLocked.promise;
    const startedAt = performance.now();
    const command = await accepted(id, 'pause');
    await eventually(async () => expect(await pause(id, command)).toMatchObject({ outcome: 'done' }), {
      timeoutMs: 12_000,
    });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    goesOn.resolve();
    await expect(standing).rejects.toThrow();
    await still.destroy();
  });
});
