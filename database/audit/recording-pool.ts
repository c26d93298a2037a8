import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { type ActUnderWay, actUnderWay } from './act.ts';
import { ENTRY_OF_ACT, valuesOfEntry } from './entry-of-act.ts';

/** Statements that write; `for update` locks only. */
const WRITES = /\binsert into\b|(?<!for |for no key )\bupdate\b|\bdelete from\b/i;
const BEGINS = /^(begin|start transaction)/i;
/** The triggers collect what changes until the end of the transaction, and write no entries of their own. */
const COLLECTS_CHANGES = "set local mailroom.act = 'on'";

type Query = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/**
 * A pool whose connections add the entry of the act under way (`runAct`) to each transaction that changes something for
 * it, right before the commit. A single statement that writes becomes a transaction. Without an act, and for what only
 * reads, nothing is added.
 */
export function recordingActs(pool: PostgresPool): PostgresPool {
  const clients = new WeakMap<PostgresPoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? recordingClient(client);
      clients.set(client, known);
      return known;
    },
  };
}

function recordingClient(client: PostgresPoolClient): PostgresPoolClient {
  const ask: Query = (text, values) => client.query(text, values as never) as unknown as Promise<pg.QueryResult>;
  /** The act of the transaction that is open, and whether it wrote something. */
  let open: { readonly underWay: ActUnderWay; hasWritten: boolean } | undefined;
  let inTransaction = false;

  async function writeAlone(underWay: ActUnderWay, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    await ask(`begin; ${COLLECTS_CHANGES}`, []);
    try {
      const result = await ask(text, values);
      if (changedRows(result)) await addEntry(underWay);
      await ask('commit', []);
      if (changedRows(result)) underWay.isRecorded = true;
      return result;
    } catch (error) {
      // A broken connection cannot be asked to roll back, and does so by itself.
      await ask('rollback', []).catch(() => {});
      throw error;
    }
  }

  /** Later transactions of an act have an entry only for what they changed of a watched table. */
  async function addEntry({ act, isRecorded }: ActUnderWay): Promise<void> {
    if (act) await ask(ENTRY_OF_ACT, [...valuesOfEntry(act, 'done', null), !isRecorded]);
  }

  const query: Query = async (text, values) => {
    const underWay = actUnderWay();
    if (BEGINS.test(text)) {
      open = underWay && { underWay, hasWritten: false };
      inTransaction = true;
      // While it is not known who acts, the triggers write entries of their own.
      return await ask(underWay?.act ? `${text}; ${COLLECTS_CHANGES}` : text, values);
    }
    if (/^commit/i.test(text)) {
      const ended = open;
      if (ended?.hasWritten) await addEntry(ended.underWay);
      open = undefined;
      inTransaction = false;
      const result = await ask(text, values);
      if (ended?.hasWritten && ended.underWay.act && result.command === 'COMMIT') ended.underWay.isRecorded = true;
      return result;
    }
    if (/^rollback/i.test(text) && !/^rollback to/i.test(text)) {
      open = undefined;
      inTransaction = false;
      return await ask(text, values);
    }
    if (!inTransaction && underWay?.act && WRITES.test(text)) return await writeAlone(underWay, text, values);
    const result = await ask(text, values);
    if (open && WRITES.test(text) && changedRows(result)) open.hasWritten = true;
    return result;
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) };
}

/** A statement with `with` counts the rows of its last part only. */
function changedRows({ rowCount, command }: pg.QueryResult): boolean {
  return (rowCount ?? 0) > 0 || command === 'SELECT';
}
