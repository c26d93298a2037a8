import { sql, type Transaction } from 'kysely';
import { type AccountState, accountState } from '../../domain/account-state.ts';
import type { CommandOutcome } from '../../domain/command-outcome.ts';
import { Failure } from '../../domain/failure.ts';
import { COMMAND_LOCK_TIMEOUT_MS } from '../../domain/schedule.ts';
import type { Database, Queryable } from '../database.ts';
import type { RemovalFacts, Schema } from '../schema.ts';

/** The names of commands, as they are stored. */
export type CommandName = 'pause' | 'resume' | 'awaitSignIn' | 'remove';

/** A command to carry out. Without an id it leaves no record; without a number it is never overtaken. */
export interface CommandRef {
  readonly id?: string | undefined;
  /** Its place in the order of acceptance. */
  readonly number?: number | undefined;
}

/** The outcome of a command, and the account's state right after it. */
export interface CommandRecord {
  readonly outcome: CommandOutcome;
  readonly state: AccountState;
  readonly carriedOutAt: Date;
}

export interface AcceptedCommand {
  /** The same for all attempts of one command. */
  readonly number: number;
  /** 1 for the first attempt, incremented by each repetition. */
  readonly attempts: number;
  /** Undefined: not carried out yet. */
  readonly record: CommandRecord | undefined;
}

/** A client asks for a lost answer within minutes; a script that was stopped, perhaps after a weekend. */
const REMEMBERED_DAYS = 7;

/**
 * Assigns a command its place in the order of commands, once: a repetition keeps it. Waits for no lock on the account's
 * row, and does not change the account.
 */
export async function acceptCommand(
  db: Queryable,
  { id, accountId, name }: { readonly id: string; readonly accountId: string; readonly name: CommandName },
): Promise<AcceptedCommand> {
  const row = await db
    .insertInto('accountCommands')
    .values({ id, accountId, name })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ attempts: sql`account_commands.attempts + 1` }))
    .returning(['number', 'attempts', 'outcome', 'state', 'carriedOutAt'])
    .executeTakeFirstOrThrow();
  return { number: row.number, attempts: row.attempts, record: recordOf(row) };
}

/** Deletes commands so old that no client asks for their answer any more. */
export async function forgetCommands(db: Queryable): Promise<void> {
  await db
    .deleteFrom('accountCommands')
    .where('acceptedAt', '<', sql<Date>`now() - ${REMEMBERED_DAYS} * interval '1 day'`)
    .execute();
}

/**
 * Carries out a command on the account's row and records the outcome with the change, in one transaction under the
 * row's lock. Of concurrent attempts one changes the account and all return the same answer; an attempt that comes
 * after a later command changes nothing. Throws `InvalidTransition` when the account is removed.
 */
export async function carryOut(
  db: Database,
  { id, number, accountId, name }: CommandRef & { readonly accountId: string; readonly name: CommandName },
  change: (trx: Transaction<Schema>) => Promise<Exclude<CommandOutcome, 'overtaken'>>,
): Promise<CommandRecord> {
  return await db.transaction().execute(async (trx) => {
    await sql`select set_config('lock_timeout', ${`${COMMAND_LOCK_TIMEOUT_MS}ms`}, true)`.execute(trx);
    const account = await trx
      .selectFrom('accounts')
      .select(['removedAt', 'commandNumber'])
      .where('id', '=', accountId)
      .forNoKeyUpdate()
      .executeTakeFirst();
    const before = id === undefined ? undefined : await findRecord(trx, id);
    if (before) return before;
    if (!account || account.removedAt !== null) throw new Failure('InvalidTransition', 'The account is removed');
    const isOvertaken = number !== undefined && number < account.commandNumber;
    const outcome: CommandOutcome = isOvertaken ? 'overtaken' : await change(trx);
    if (number !== undefined && !isOvertaken) {
      await trx.updateTable('accounts').set({ commandNumber: number }).where('id', '=', accountId).execute();
    }
    const facts = await trx
      .selectFrom('accounts')
      .select(['signIn', 'enabled'])
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    const record = { outcome, state: accountState({ ...facts, removed: false }), carriedOutAt: new Date() };
    if (id !== undefined) await putRecord(trx, { id, accountId, name }, record);
    return record;
  });
}

/** The outcome of a command; undefined while it is not carried out. */
export async function findRecord(db: Queryable, id: string): Promise<CommandRecord | undefined> {
  const row = await db
    .selectFrom('accountCommands')
    .select(['outcome', 'state', 'carriedOutAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && recordOf(row);
}

/** What a removal did. */
export interface AccountRemoval extends RemovalFacts {
  readonly removedAt: Date;
}

/** The receipt of a removal; undefined when it was not carried out. */
export async function findRemoval(db: Queryable, id: string): Promise<AccountRemoval | undefined> {
  const row = await db
    .selectFrom('accountCommands')
    .select(['receipt', 'carriedOutAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.receipt || row.carriedOutAt === null) return undefined;
  return { ...row.receipt, removedAt: row.carriedOutAt };
}

/** Call it in the transaction of the removal. */
export async function recordRemoval(
  trx: Queryable,
  { id, accountId }: CommandRef & { readonly accountId: string },
  { removedAt: carriedOutAt, ...receipt }: AccountRemoval,
): Promise<void> {
  if (id === undefined) return;
  const record = { outcome: 'done', state: 'removed', carriedOutAt } as const;
  await putRecord(trx, { id, accountId, name: 'remove' }, { ...record, receipt: JSON.stringify(receipt) });
}

async function putRecord(
  trx: Queryable,
  command: { readonly id: string; readonly accountId: string; readonly name: CommandName },
  record: CommandRecord & { readonly receipt?: string },
): Promise<void> {
  await trx
    .insertInto('accountCommands')
    .values({ ...command, ...record })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(record))
    .execute();
}

function recordOf({ outcome, state, carriedOutAt }: Partial<CommandRow>): CommandRecord | undefined {
  return outcome && state && carriedOutAt ? { outcome, state, carriedOutAt } : undefined;
}

interface CommandRow {
  readonly outcome: CommandOutcome | null;
  readonly state: AccountState | null;
  readonly carriedOutAt: Date | null;
}
