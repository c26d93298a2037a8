import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { grantRuntime } from './grant-runtime.ts';
import { scramVerifier } from './scram-verifier.ts';

/**
 * Makes the role that a database URL names, with its password and the rights of a process. Safe to repeat: a role that is
 * there gets the password that the URL has now. The caller migrates, and may make roles. Throws an Error in words.
 */
export async function prepareRuntime(db: Database, runtimeUrl: string): Promise<void> {
  const { username, password } = new URL(runtimeUrl);
  const role = decodeURIComponent(username);
  const { rows } = await sql<{ migrates: string; exists: boolean }>`
    select current_user as migrates, exists (select from pg_roles where rolname = ${role}) as exists`.execute(db);
  const { migrates, exists } = rows[0] ?? {};
  if (role === '' || role === migrates) {
    throw new Error(
      `RUNTIME_DATABASE_URL must name another role than DATABASE_URL, which is ${migrates}: API and workers get less rights.`,
    );
  }
  const verifier = sql.lit(scramVerifier(decodeURIComponent(password)));
  if (!exists) await sql`create role ${sql.id(role)} login password ${verifier}`.execute(db);
  else if (password !== '') await sql`alter role ${sql.id(role)} login password ${verifier}`.execute(db);
  await grantRuntime(db, role);
}
