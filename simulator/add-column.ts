import type { DatabaseSync } from 'node:sqlite';

/** Upgrades data files of an older simulator: people keep their demonstrations in them. */
export function addColumn(database: DatabaseSync, table: string, column: string, definition: string): void {
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  if (columns.some(({ name }) => name === column)) return;
  database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
}
