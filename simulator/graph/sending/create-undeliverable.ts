import type { DatabaseSync } from 'node:sqlite';

/** Why mail to an address comes back. */
export interface Failure {
  /** An enhanced status code (RFC 3463), such as 5.1.1. */
  readonly status: string;
  readonly diagnostic: string;
}

/** Addresses, and whole domains (`@example.com`), whose mail comes back with a report. */
export interface Undeliverable {
  find(address: string): Failure | undefined;
  list(): (Failure & { address: string })[];
  set(address: string, failure: Failure): void;
  remove(address: string): boolean;
}

export function createUndeliverable(database: DatabaseSync): Undeliverable {
  const byAddress = database.prepare('SELECT status, diagnostic FROM graph_undeliverable WHERE address = ?');
  const all = database.prepare('SELECT address, status, diagnostic FROM graph_undeliverable ORDER BY address');
  const put = database.prepare(
    'INSERT OR REPLACE INTO graph_undeliverable (address, status, diagnostic) VALUES (?, ?, ?)',
  );
  const forget = database.prepare('DELETE FROM graph_undeliverable WHERE address = ?');
  const read = (row: Record<string, unknown>): Failure => ({
    status: String(row.status),
    diagnostic: String(row.diagnostic),
  });
  return {
    find(address) {
      const folded = address.toLowerCase();
      const row = byAddress.get(folded) ?? byAddress.get(folded.slice(folded.lastIndexOf('@')));
      return row && read(row);
    },
    list: () => all.all().map((row) => ({ address: String(row.address), ...read(row) })),
    set(address, { status, diagnostic }) {
      put.run(address.toLowerCase(), status, diagnostic);
    },
    remove: (address) => forget.run(address.toLowerCase()).changes > 0,
  };
}
