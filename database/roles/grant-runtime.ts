import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Tables that processes only read, and add to. */
export const ADDED_TO = ['audit_entries', 'audit_seals'];
/** Written by migrations. */
const READ = ['kysely_migration', 'kysely_migration_lock'];

/**
 * Gives a role what the processes of Mailroom need, on what there is and on what later migrations of this owner create:
 * rows of all tables, no change of the schema, and of the audit trail only adding and reading. Safe to repeat. The caller
 * is the role that migrates.
 */
export async function grantRuntime(db: Database, role: string): Promise<void> {
  const name = sql.id(role);
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(trx);
    const schema = sql.id(rows[0]?.schema ?? 'public');
    const grants = [
      sql`revoke create on schema ${schema} from public, ${name}`,
      sql`grant usage on schema ${schema} to ${name}`,
      sql`grant select, insert, update, delete on all tables in schema ${schema} to ${name}`,
      sql`grant usage, select on all sequences in schema ${schema} to ${name}`,
      sql`grant execute on all functions in schema ${schema} to ${name}`,
      sql`alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${name}`,
      sql`alter default privileges in schema ${schema} grant usage, select on sequences to ${name}`,
      sql`revoke update, delete, truncate on ${sql.join(ADDED_TO.map((table) => sql.table(table)))} from ${name}`,
      sql`revoke insert, update, delete on ${sql.join(READ.map((table) => sql.table(table)))} from ${name}`,
    ];
    for (const grant of grants) await grant.execute(trx);
  });
}
